-- ARGV: group, token, ms that the token lasts from now, the most batches to catch up with, then the snapshot's mark of each lane: lane,
-- batch. To be called until it answers 0: the group is trusted. Else it answers how many batches wait, or -1 where the token is gone.

local prefix, token = prefix_of(ARGV[1]), ARGV[2]
local holder = redis.call('GET', prefix .. 'mending')
if holder == token then
    -- Once: the marks move on with what is caught up with, and a call that is made again must not put them back.
    token = token .. '+'
    for i = 5, #ARGV, 2 do
        redis.call('HSET', prefix .. 'applied', ARGV[i], ARGV[i + 1])
    end
elseif holder == token .. '+' then
    token = holder
else
    return -1
end
redis.call('SET', prefix .. 'mending', token, 'PX', ARGV[3])

local missed, most = prefix .. 'missed', tonumber(ARGV[4])
for _, packed in ipairs(redis.call('LRANGE', missed, 0, most - 1)) do
    local data = cmsgpack.unpack(packed)
    apply_batches(prefix, data, 6, data[5], data[4], { data[1], data[2], data[3] })
end
redis.call('LTRIM', missed, most, -1)
local left = redis.call('LLEN', missed)
if left == 0 then
    redis.call('DEL', prefix .. 'mending')
    redis.call('SET', prefix .. 'index', run_id())
end
return left
