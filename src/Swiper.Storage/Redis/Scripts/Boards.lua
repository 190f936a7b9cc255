-- Stands before the scripts that write boards or read them.
-- What a group's swipes do to its boards waits in its list 'unranked' until enough has come together, or somebody reads: a board is a
-- large tree, and walking it for many changes at once costs a fraction of what it costs for each by itself.

local DAY = 86400000
local EXACT = 2 ^ 53
-- Lua hands no more than some thousand values to one call.
local MOST = 2000
-- A call that has made so many changes of boards leaves the rest to the next: nobody else is answered meanwhile.
local RANKED_A_CALL = 1024
local ranked = 0

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
            local new_place = place_of(points, last)
            -- As the whole number that it is: "%.17g", which Lua's numbers go through otherwise, took a tenth of Redis's time.
            entries[at + 1] = math.abs(new_place) < EXACT and string.format('%d', new_place) or new_place
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

-- Brings the group's boards up to date.
local function rank(prefix)
    local unranked = redis.call('LRANGE', prefix .. 'unranked', 0, -1)
    if #unranked == 0 then
        return
    end
    local days = {}
    local last_day, sum
    for _, packed in ipairs(unranked) do
        local changes = cmsgpack.unpack(packed)
        ranked = ranked + #changes / 3
        for i = 1, #changes, 3 do
            local at = changes[i + 2]
            local day = math.floor(at / DAY)
            if day ~= last_day then
                last_day = day
                sum = days[day]
                if not sum then
                    sum = new_sum()
                    days[day] = sum
                end
            end
            add(sum, changes[i], changes[i + 1], at)
        end
    end
    add_to_boards(prefix, days)
    redis.call('DEL', prefix .. 'unranked')
end
