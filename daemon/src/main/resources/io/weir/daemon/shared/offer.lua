-- Bans that held before this balancer was here. KEYS: the changes of bans, then the bans. ARGV: how
-- many changes to keep, then for each ban what there is to know and for how long. What Redis knows
-- of the same addresses stays unless it was made earlier. Answers how many were news.
local function made(value)
  return tonumber(string.match(value, '^[+-](%d+) ')) or 0
end

local new = 0
for i = 2, #KEYS do
  local ban = ARGV[2 * i - 2]
  local known = redis.call('GET', KEYS[i])
  local isNews = not known or made(ban) > made(known)
  if isNews or (made(ban) == made(known) and string.sub(known, 1, 1) == '-') then
    redis.call('SET', KEYS[i], ban, 'PX', ARGV[2 * i - 1])
    redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], '*', 'ban', ban)
    new = new + 1
  end
end
return { new }
