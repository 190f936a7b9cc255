-- Stands before the scripts that apply batches to a group, after Boards.lua.

local DISLIKE = 3
local SUPERLIKE = 2
-- Added to the kind of a swipe that was taken back, and of one whose answer was.
local TAKEN_BACK = 3
local REOPENED = 6
-- Some so many changes of a group's boards wait at most, unless a call has ranked its share already. Groups fill alike: were it the same
-- number for all, all would be ranked in one burst.
local function most_unranked(prefix)
    return 1024 + 32 * tonumber(string.match(prefix, '%d+'))
end

-- Adds those whom one user has swiped, from a place in data on, and answers where the next user's begin. Who swipes fast is there several
-- times in a row, and that is one command.
local function add_swiped(users, data, at, last)
    local uid, sids, count = data[at], {}, 0
    repeat
        count = count + 1
        sids[count] = data[at + 1]
        at = at + 2
    until at > last or count == MOST or data[at] ~= uid
    redis.call('SADD', users .. uid .. ':swiped', unpack(sids))
    return at
end

-- The swiped user's answer to a swipe was taken back. Readers may have dropped the liker, because it was answered; a dislike stands for no
-- swipe, too.
local function reopen(user, uid, kind, at)
    redis.call('SREM', user .. 'swiped', uid)
    if kind == DISLIKE then
        redis.call('ZREM', user .. 'liked_by', uid)
    else
        redis.call('ZADD', user .. 'liked_by', at, uid)
    end
    if kind == SUPERLIKE then
        redis.call('ZADD', user .. 'queue', at, uid)
    else
        redis.call('ZREM', user .. 'queue', uid)
    end
end

-- Applies a group's batches. data[at...] holds for each: lane, batch, count of own swipes, count of swipes by others, then own ones (uid,
-- sid) and others' (sid, uid, kind, at). What the lane's mark says was applied already is passed over. With a clock, what is too far ahead
-- of it counts on the boards of its time; a rebuild knows only the times of the swipes.
local function apply_batches(prefix, data, at, batches, lanes, points_of, clock)
    local marks_key, users = prefix .. 'applied', prefix .. 'u:'
    local marks, changed, changes, next_change = {}, {}, {}, 1
    for _ = 1, batches do
        local lane, batch, own, theirs = lanes[data[at]], data[at + 1], data[at + 2], data[at + 3]
        at = at + 4
        local mark = marks[lane]
        if mark == nil then
            mark = redis.call('HGET', marks_key, lane) or ''
        end
        if batch <= mark then
            marks[lane] = mark
            at = at + own * 2 + theirs * 4
        else
            marks[lane] = batch
            changed[lane] = batch
            local last = at + own * 2 - 2
            while at <= last do
                at = add_swiped(users, data, at, last)
            end
            for i = at, at + theirs * 4 - 1, 4 do
                local sid, kind, when = data[i], data[i + 2], data[i + 3]
                local points = points_of[kind]
                if kind > REOPENED then
                    reopen(users .. sid .. ':', data[i + 1], kind - REOPENED, when)
                elseif kind > TAKEN_BACK then
                    points = -points_of[kind - TAKEN_BACK]
                    redis.call('ZREM', users .. sid .. ':liked_by', data[i + 1])
                    redis.call('ZREM', users .. sid .. ':queue', data[i + 1])
                elseif kind ~= DISLIKE then
                    redis.call('ZADD', users .. sid .. ':liked_by', when, data[i + 1])
                    if kind == SUPERLIKE then
                        redis.call('ZADD', users .. sid .. ':queue', when, data[i + 1])
                    end
                end
                if points then
                    changes[next_change] = sid
                    changes[next_change + 1] = points
                    if clock and when - clock.now > clock.ahead then
                        when = clock.now
                    end
                    changes[next_change + 2] = when
                    next_change = next_change + 3
                end
            end
            at = at + theirs * 4
        end
    end
    for lane, batch in pairs(changed) do
        redis.call('HSET', marks_key, lane, batch)
    end
    if next_change > 1 then
        local entries = redis.call('RPUSH', prefix .. 'unranked', cmsgpack.pack(changes))
        -- As if the others were as long as this one.
        if ranked < RANKED_A_CALL and entries * (next_change - 1) >= 3 * most_unranked(prefix) then
            rank(prefix)
        end
    end
end
