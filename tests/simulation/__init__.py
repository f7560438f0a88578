"""The turn engine, its service and its registry over ports of ours, in virtual time, with faults at every await.

    make simulate SEED=7        one seed, with what happened in it

`world.py` holds the processes, `postgres.py` and `redis.py` the two servers that they share, `faults.py` what befalls
them, `device.py` the fan's side, and `checks.py` what has to hold in the end. A seed decides everything.
"""
