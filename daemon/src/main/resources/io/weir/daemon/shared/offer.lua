-- Bans that held before this balancer was here. KEYS: the changes of bans, then the bans. ARGV: how
-- many changes to keep, then for each ban what there is to know and for how long. What Redis knows
-- of a ban, also that it was ended, is newer. Answers how many it did not know.
local new = 0
for i = 2, #KEYS do
  local ban = ARGV[2 * i - 2]
  if redis.call('SET', KEYS[i], ban, 'NX', 'PX', ARGV[2 * i - 1]) then
    redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], '*', 'ban', ban)
    new = new + 1
  end
end
return { new }
