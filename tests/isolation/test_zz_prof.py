import cProfile, pstats, random, sys
from tests.isolation.test_canaries import *
def test_prof(people):
    street=Street(people)
    for p in range(PEOPLE):
        street.join(p, street.houses[p%2],0); 
    r=random.Random(1)
    pr=cProfile.Profile(); pr.enable()
    for i in range(500):
        op=r.choice(OPERATIONS); street.do(op, r.randrange(4), r.randrange(2), r.randrange(100))
    pr.disable()
    with open("/tmp/helpers/h10_prof.txt","w") as f: pstats.Stats(pr,stream=f).sort_stats("cumulative").print_stats(90)
