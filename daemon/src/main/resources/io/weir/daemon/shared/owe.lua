-- Adds what one balancer took to what all of them owe. KEYS: keys of limits. ARGV, for each of them:
-- since when something is new, how much, when what that balancer knows of will be paid, the most
-- that can be owed. Microseconds. Answers the time, and the debt of each key.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local known = redis.call('MGET', unpack(KEYS))
local debts = { now }
for i = 1, #KEYS do
  local since = tonumber(ARGV[4 * i - 3])
  local new = tonumber(ARGV[4 * i - 2])
  local there = tonumber(ARGV[4 * i - 1])
  local most = tonumber(ARGV[4 * i])
  local paid = math.max(tonumber(known[i]) or 0, math.min(since, now)) + new
  paid = math.min(math.max(paid, there), now + most)
  local debt = math.max(paid - now, 0)
  -- What was just paid is remembered for a second: what others took before then may still arrive.
  redis.call('SET', KEYS[i], string.format('%.0f', paid), 'PX', math.ceil(debt / 1000) + 1000)
  debts[i + 1] = debt
end
return debts
