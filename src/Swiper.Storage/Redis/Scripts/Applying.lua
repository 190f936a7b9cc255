-- Stands before the scripts that apply batches to a group.

local DAY = 86400000
local DISLIKE = 3
local SUPERLIKE = 2
-- Lua hands no more than some thousand values to one call.
local MOST = 2000

-- A sum of changes: who, by how many points, and the last time.
local function new_sum()
    return { who = {}, points = {}, last = {} }
end

local function add(sum, sid, points, at)
    local so_far = sum.points[sid]
    if so_far then
        sum.points[sid] = so_far + points
        if at > sum.last[sid] then
            sum.last[sid] = at
        end
    else
        sum.who[#sum.who + 1] = sid
        sum.points[sid] = points
        sum.last[sid] = at
    end
end

local function add_all(sum, other)
    for _, sid in ipairs(other.who) do
        add(sum, sid, other.points[sid], other.last[sid])
    end
end

-- Adds a sum to a board: one read and one write for up to MOST people. Where nobody of them was there the board may be new, and if it is
-- to end, that has to be said.
local function add_to_board(key, sum, ends)
    for from = 1, #sum.who, MOST do
        local to = math.min(from + MOST - 1, #sum.who)
        local places = redis.call('ZMSCORE', key, unpack(sum.who, from, to))
        local entries, at, known = {}, 0, false
        for i = from, to do
            local sid = sum.who[i]
            local points, last, place = sum.points[sid], sum.last[sid], places[i - from + 1]
            if place then
                known = true
                local score, reached = score_and_time(tonumber(place))
                points = points + score
                if reached > last then
                    last = reached
                end
            end
            entries[at + 1] = place_of(points, last)
            entries[at + 2] = sid
            at = at + 2
        end
        redis.call('ZADD', key, unpack(entries))
        if ends and not known then
            redis.call('PEXPIREAT', key, ends)
        end
    end
end

-- days: sums by day, counted from the epoch. Boards of a day or week stay for two periods after their end. Weeks begin on Monday.
local function add_to_boards(prefix, days)
    local all, weeks, count = nil, {}, 0
    for day, sum in pairs(days) do
        count = count + 1
        add_to_board(prefix .. 'board:day:' .. day, sum, (day + 3) * DAY)
        local week = math.floor((day + 3) / 7)
        if all == nil then
            all = sum
            weeks[week] = sum
        else
            if count == 2 then
                local first_week = next(weeks)
                all = new_sum()
                add_all(all, weeks[first_week])
                weeks[first_week] = new_sum()
                add_all(weeks[first_week], all)
            end
            add_all(all, sum)
            weeks[week] = weeks[week] or new_sum()
            add_all(weeks[week], sum)
        end
    end
    if all then
        add_to_board(prefix .. 'board:all', all, nil)
        for week, sum in pairs(weeks) do
            add_to_board(prefix .. 'board:week:' .. week, sum, (week * 7 + 18) * DAY)
        end
    end
end

-- Applies a group's batches. data[at...] holds for each: lane, batch, count of own swipes, count of swipes by others, then own ones (uid,
-- sid) and others' (sid, uid, kind, at). What the lane's mark says was applied already is passed over.
local function apply_batches(prefix, data, at, batches, lanes, points_of)
    local marks_key, users = prefix .. 'applied', prefix .. 'u:'
    local marks, changed, days = {}, {}, {}
    local last_day, sum
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
            for i = at, at + own * 2 - 1, 2 do
                redis.call('SADD', users .. data[i] .. ':swiped', data[i + 1])
            end
            at = at + own * 2
            for i = at, at + theirs * 4 - 1, 4 do
                local sid, uid, kind, when = data[i], data[i + 1], data[i + 2], data[i + 3]
                if kind ~= DISLIKE then
                    redis.call('ZADD', users .. sid .. ':liked_by', when, uid)
                    if kind == SUPERLIKE then
                        redis.call('ZADD', users .. sid .. ':queue', when, uid)
                    end
                end
                local day = math.floor(when / DAY)
                if day ~= last_day then
                    last_day = day
                    sum = days[day]
                    if not sum then
                        sum = new_sum()
                        days[day] = sum
                    end
                end
                add(sum, sid, points_of[kind], when)
            end
            at = at + theirs * 4
        end
    end
    add_to_boards(prefix, days)
    for lane, batch in pairs(changed) do
        redis.call('HSET', marks_key, lane, batch)
    end
end
