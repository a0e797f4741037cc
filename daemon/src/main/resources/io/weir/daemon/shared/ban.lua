-- A ban was made or ended. KEYS: the ban, the changes of bans. ARGV: what there is to know, for how
-- long in milliseconds, how many changes to keep. What was made later stays, and is told once more.
-- Answers whether this was news.
local function made(value)
  return tonumber(string.match(value, '^[+-](%d+) ')) or 0
end

local known = redis.call('GET', KEYS[1])
local isBan = string.sub(ARGV[1], 1, 1) == '+'
if known then
  local is = made(ARGV[1])
  local was = made(known)
  if is < was or (is == was and not isBan and string.sub(known, 1, 1) == '+') then
    redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[3], '*', 'ban', known)
    return { 0 }
  end
end
local keep = tonumber(ARGV[2])
if not isBan then
  keep = math.max(keep, redis.call('PTTL', KEYS[1]))
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', keep)
redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[3], '*', 'ban', ARGV[1])
return { 1 }
