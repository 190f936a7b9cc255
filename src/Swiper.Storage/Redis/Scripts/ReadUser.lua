-- ARGV: uid, group, then boards. Everything that is kept about one user, and how far the group is, at one moment.
-- Answers: 1 where the group is trusted; the lanes' marks; whom the user swiped; likers with times; superlikers with times; the place on
-- each board or ''.

local uid, prefix = ARGV[1], prefix_of(ARGV[2])
rank(prefix)
local user = prefix .. 'u:' .. uid .. ':'
local places = {}
for i = 3, #ARGV do
    places[i - 2] = redis.call('ZSCORE', prefix .. 'board:' .. ARGV[i], uid) or ''
end
return {
    is_trusted(prefix, run_id()) and 1 or 0,
    redis.call('HGETALL', prefix .. 'applied'),
    redis.call('SMEMBERS', user .. 'swiped'),
    redis.call('ZRANGE', user .. 'liked_by', 0, -1, 'WITHSCORES'),
    redis.call('ZRANGE', user .. 'queue', 0, -1, 'WITHSCORES'),
    places,
}
