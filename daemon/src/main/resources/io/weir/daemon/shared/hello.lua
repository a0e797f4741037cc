-- What all balancers know. KEYS: the secret of fingerprints, the changes of bans. ARGV: a secret to
-- begin with. Answers the secret, the time in microseconds, the last change; there is one always, so
-- that whoever reads on from it sees whether it is still there.
redis.call('SET', KEYS[1], ARGV[1], 'NX')
local time = redis.call('TIME')
local last = redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 1)
return {
  redis.call('GET', KEYS[1]),
  time[1] * 1000000 + time[2],
  last[1] and last[1][1] or redis.call('XADD', KEYS[2], '*', 'ban', ''),
}
