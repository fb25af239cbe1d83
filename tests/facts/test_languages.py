"""Definitions are found in each language by how its lines begin."""

from __future__ import annotations

import time

import pytest

from bot.facts.diff import parse_patch
from bot.facts.languages import language_of
from bot.facts.symbols import touched_symbols

# A path in eight columns, a line, and what it defines (a dash before what is not public).
TABLE = """\
a.py    async def run(x): ⇒ function run
a.py    class _A(B): ⇒ class -_A
a.py        def __init__( ⇒ function __init__
a.py    x = defer(1) ⇒
a.py    classes = 2 ⇒
a.ts    export default async function run() { ⇒ function run
a.ts    export class A<T> extends B { ⇒ class A
a.ts    interface A { ⇒ interface A
a.ts    export type A = B ⇒ type A
a.ts    export enum A { ⇒ enum A
a.ts    export const run = async (a: string): Promise<void> => { ⇒ function run
a.ts    const useA = ( ⇒ function useA
a.ts      private async run(a: T): Promise<X<Y>> { ⇒ function -run
a.ts      #run(a) { ⇒ function -#run
a.ts      get value(): number { ⇒ function value
a.ts    const x = (a + b) ⇒
a.ts      if (x) { ⇒
a.ts      } else if (x) { ⇒
a.ts      it("works", () => { ⇒
a.ts      run(a) ⇒
a.go    func Run(a int) error { ⇒ function Run
a.go    func (s *Server) start() { ⇒ function -start
a.go    type Config struct { ⇒ struct Config
a.go    type ID string ⇒ type ID
a.go    	run(x) ⇒
a.rs    pub fn run<T>(x: T) -> Y { ⇒ function run
a.rs    fn run() {} ⇒ function -run
a.rs    mod tests { ⇒ mod -tests
a.rs    pub(crate) async fn run() { ⇒ function -run
a.rs    impl<T: D> Trait<T> for A<T> { ⇒ trait impl A
a.rs    impl A { ⇒ impl A
a.rs    pub enum A { ⇒ enum A
a.rs    macro_rules! run { ⇒ macro run
A.java  public final class A<T> extends B { ⇒ class A
A.java      @Override public List<String> run(int a, ⇒ function run
A.java      private static int run() { ⇒ function -run
A.java      public @Nullable Pet run(@Nullable String a) { ⇒ function run
A.java      public A(int a) { ⇒ function A
A.java  record A(int x) { ⇒ record A
A.java      return run(a) + ⇒
A.java      int x = run(3); ⇒
A.java      else run(a) ⇒
a.kt    private suspend fun <T> List<T>.run() { ⇒ function -run
a.kt    data class A(val x: Int) ⇒ class A
a.kt    object A { ⇒ object A
a.cs        public async Task<int> Run(int a) ⇒ function Run
a.cs    internal sealed class A ⇒ class -A
a.cpp   void run(int a) { ⇒ function run
a.cpp   static int *run(void) ⇒ function -run
a.cpp   struct A; ⇒
a.cpp   std::vector<int> A::run(const X& x) const { ⇒ function A::run
a.cpp   template <typename T> class A { ⇒ class A
a.cpp     int size() const { ⇒ function size
a.cpp   #define MAX(a,b) a ⇒ macro MAX
a.cpp     return run(a); ⇒
a.cpp   run(a, b); ⇒
a.cpp   __global__ void run(float* x) { ⇒ function run
a.cpp     while (run(x)) { ⇒
a.rb      def self.run(a) ⇒ function run
a.rb    class A::B < C ⇒ class A::B
a.rb    module A ⇒ module A
a.rb      defer ⇒
a.php       private static function run($a) { ⇒ function -run
a.php   abstract class A { ⇒ class A
a.swift     public func run(a: Int) -> Int { ⇒ function run
a.swift extension A: B { ⇒ extension A
a.swift fileprivate func run() { ⇒ function -run
a.sh    run() { ⇒ function run
a.sh    function run { ⇒ function run
a.sh      if run; then ⇒
"""
ROWS = [(row[:8].strip(), *row[8:].split(" ⇒")) for row in TABLE.splitlines()]
PATHS = sorted({path for path, *_ in ROWS})


@pytest.mark.parametrize(("path", "line", "expected"), ROWS)
def test_a_line_defines_what_it_says(path: str, line: str, expected: str) -> None:
    """Its kind, its name, and whether it is public; calls and control flow define nothing."""
    language = language_of(path)
    assert language is not None
    found = language.find(line)
    assert (f"{found.kind} {'' if found.public else '-'}{found.name}" if found else "") == expected.strip()


@pytest.mark.parametrize("path", ["README.md", "a.json", "Makefile", "py", "a.", "", "a.pyc"])
def test_other_files_have_no_symbols(path: str) -> None:
    """Their definitions cannot be told."""
    assert touched_symbols(path, parse_patch("@@ -1 +1 @@\n-def a():\n+def b():"), None) == ()


PATCHES = [
    pytest.param(
        "a.ts",
        "@@ -8,5 +8,6 @@ export class Store {\n   size = 0;\n \n"
        "-  load(path: string) {\n-    return read(path);\n"
        "+  load(path: string, force: boolean) {\n+    check(path);\n+    return read(path, force);\n   }",
        ["modified method Store.load !"],
        id="a method of the class in the hunk's section",
    ),
    pytest.param(
        "a.go",
        "@@ -1,3 +1,7 @@\n package a\n \n"
        "+func (s *Server) Close() error {\n+\treturn nil\n+}\n+\n func old() {",
        ["added method Server.Close "],
        id="a Go method has its receiver's name",
    ),
    pytest.param(
        "a.rs",
        "@@ -3,4 +3,4 @@ use std::fmt;\n impl fmt::Display for Point {\n     fn fmt(&self, f: &mut F) {\n"
        "-        a()\n+        b()\n     }",
        ["modified method Point.fmt "],
        id="a Rust method has its type's name and is as public as the trait",
    ),
    pytest.param(
        "a.c",
        "@@ -1,6 +1,6 @@\n int run(int a)\n {\n"
        "-    return a;\n+    return a + 1;\n }\n \n"
        "-static int gone(void) { return 1; }\n+static int come(void) { return 1; }",
        ["modified function run ", "removed function gone ", "added function come "],
        id="C with its bracket on a line of its own",
    ),
    pytest.param(
        "a.js",
        "@@ -1,6 +1,6 @@\n function a() {\n   one();\n }\n \n-const LIMIT = 3;\n+const LIMIT = 4;\n ",
        [],
        id="what follows a function is not in it",
    ),
    pytest.param(
        "a.rb",
        "@@ -1,6 +1,5 @@\n class Store\n   def load\n-    read\n+    fetch\n   end\n-  def save; end\n end",
        ["modified method Store.load ", "removed method Store.save "],
        id="Ruby ends its blocks with a word",
    ),
    pytest.param(
        "a.sh",
        "@@ -1,3 +1,3 @@\n build() {\n-  make\n+  make all\n }",
        ["modified function build "],
        id="a function of the shell",
    ),
    pytest.param(
        "A.java",
        "@@ -10,4 +10,4 @@ public class Store {\n     @Override\n"
        "-    public int size() {\n+    public long size() {\n         return n;\n     }",
        ["modified method Store.size !"],
        id="another type returned is another signature",
    ),
]


@pytest.mark.parametrize(("path", "patch", "symbols"), PATCHES)
def test_a_patch_touches_its_symbols(path: str, patch: str, symbols: list[str]) -> None:
    """Without the file: what the hunk shows, and the definition that git put into its header."""
    found = touched_symbols(path, parse_patch(patch), None)
    told = [
        f"{one.change.value} {one.kind} {one.name} {'!' if one.signature_changed else ''}" for one in found
    ]
    assert told == symbols


def test_the_file_tells_what_the_hunk_does_not() -> None:
    """With the merged text, the method and its class are found however far above they begin."""
    body = [f"    step{number}();" for number in range(50)]
    text = "\n".join(["export class Store {", "  run() {", *body, "  }", "}"])
    hunk = parse_patch("@@ -40 +40 @@\n-    other();\n+    step37();")
    (symbol,) = touched_symbols("a.ts", hunk, text)
    assert (symbol.name, symbol.kind, symbol.line, symbol.signature) == ("Store.run", "method", 2, "run()")


NASTY = [
    " " * 400,
    "public " * 60,
    "a<" * 200,
    "f(" + "(a)" * 130,
    "@a(" * 130,
    "impl<" * 80,
    "impl<a> " * 50,
    "x = " * 100,
]
NASTY += [
    "const x : " * 40,
    "a::" * 130,
    " a" + " " * 390 + "(",
    "  a(b)" + " " * 380 + "x",
    "List<" * 80 + " x(",
    "a[]" * 130 + " x(",
]


@pytest.mark.parametrize("path", PATHS)
def test_no_line_takes_long(path: str) -> None:
    """The worst lines that could be thought of take less than a millisecond each."""
    language = language_of(path)
    assert language is not None
    start = time.process_time()
    for line in NASTY * 10:
        language.find(line)
    assert time.process_time() - start < 0.001 * len(NASTY) * 10
