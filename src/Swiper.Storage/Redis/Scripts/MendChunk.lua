-- ARGV: group, token, ms that the token lasts from now, and one flat array of users. For each: uid; 1 where its keys begin anew; count
-- of whom it swiped, and they; count of its likers, each as uid, at, 1 for a superlike; count of its scores, each as board, score, ms
-- when it was reached, ms when the board ends or 0.
-- Answers 0 where the token is gone, else 1.

local prefix, token = prefix_of(ARGV[1]), ARGV[2]
if redis.call('GET', prefix .. 'mending') ~= token then
    return 0
end
redis.call('PEXPIRE', prefix .. 'mending', ARGV[3])

local data = cmsgpack.unpack(ARGV[4])
local at, size = 1, #data
while at <= size do
    local user = prefix .. 'u:' .. data[at] .. ':'
    if data[at + 1] == 1 then
        redis.call('UNLINK', user .. 'swiped', user .. 'liked_by', user .. 'queue')
    end
    local swiped = data[at + 2]
    at = at + 3
    if swiped > 0 then
        redis.call('SADD', user .. 'swiped', unpack(data, at, at + swiped - 1))
        at = at + swiped
    end
    local likers = data[at]
    at = at + 1
    for _ = 1, likers do
        redis.call('ZADD', user .. 'liked_by', data[at + 1], data[at])
        if data[at + 2] == 1 then
            redis.call('ZADD', user .. 'queue', data[at + 1], data[at])
        end
        at = at + 3
    end
    local scores = data[at]
    at = at + 1
    for _ = 1, scores do
        local board = prefix .. 'board:' .. data[at]
        redis.call('ZADD', board, place_of(data[at + 1], data[at + 2]), string.match(user, 'u:(%d+):'))
        if data[at + 3] > 0 then
            redis.call('PEXPIREAT', board, data[at + 3])
        end
        at = at + 4
    end
end
return 1
