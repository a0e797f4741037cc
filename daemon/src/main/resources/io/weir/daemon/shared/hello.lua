-- What all balancers know. KEYS: the secret of fingerprints. ARGV: one to begin with. Answers the
-- secret, and the time in microseconds.
redis.call('SET', KEYS[1], ARGV[1], 'NX')
local time = redis.call('TIME')
return { redis.call('GET', KEYS[1]), time[1] * 1000000 + time[2] }
