-- A ban began or was ended. KEYS: the ban, the changes of bans. ARGV: what there is to know, for how
-- long in milliseconds, how many changes to keep.
local keep = math.max(tonumber(ARGV[2]), redis.call('PTTL', KEYS[1]))
if string.sub(ARGV[1], 1, 1) == '+' then
  keep = tonumber(ARGV[2])
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', keep)
redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[3], '*', 'ban', ARGV[1])
return { keep }
