"""Words that titles share and that name no subject: what is done, how, and to what kind of thing."""

from __future__ import annotations

from typing import Final

_WORDS: Final = """
a add added adding adds adjust allow allows also and any api are arg args argument arguments avoid
back base based be better bug bugfix bugs build bump bumps but by call calls can case cases change
changed changes check checks class clean cleanup code comment comments common config configs
configuration correct correctly crash create current data debug default defaults dep dependencies
dependency deprecate deprecated deps disable do doc docs document documentation does drop dup
duplicate edit enable ensure env error errors example examples expose extra fail failed failing
fails failure feat feature field fields file files first fix fixed fixes fixing flag flags follow
for from full function functions general get guard handle handles handling has have helper hotfix
how if impl implement implementation implemented import imports improve improved improvement
improvements improves in incorrect info init initial instead internal into invalid is issue issues
it its job keep lack last latest less lib lint list local log logs main make makes manual merge
message messages method migrate minor misc miss missing mode model models module modules more move
moved name names need new nit no non not now null number of off old on one only opt option optional
options or other out output over package packages param parameter params part pass path paths perf
performance point pr pre prepare prevent print proper properly pull quick readme recipe reduce
refactor refactoring release remove removed removes removing rename replace require required
requirements reset resolve restore return revert rework run running runs script scripts set setting
settings setup should show simplify single skip small some source split start state step stop style
sub support supported supports sync tag temp test testing tests text that the their them then this
to tool tools top track try type types typo typos unify unit unused update updated updates upgrade
usage use used user users uses using util utils value values var variable version versions via warn
warning warnings was way when where which while will with without work works wrong you your
"""

EMPTY: Final = frozenset(_WORDS.split())
