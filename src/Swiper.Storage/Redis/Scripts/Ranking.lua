-- Stands before the scripts that read boards, after Boards.lua. A board is in parts, one a group; on one server they are merged here.

-- The parts of a board in these groups, and a report of the groups that can't be read: untrusted (as they are), elsewhere (+ 64), or first
-- to be ranked by another call (+ 192).
local function parts_of(board, groups, from)
    local run, keys, report = run_id(), {}, {}
    for i = from, #groups do
        local prefix = prefix_of(groups[i])
        if ranked >= RANKED_A_CALL then
            report[#report + 1] = groups[i] + 192
            return keys, report
        end
        local trusted, problem = is_trusted(prefix, run)
        if trusted and not pcall(rank, prefix) then
            redis.call('DEL', prefix .. 'index')
            trusted = false
        end
        if trusted then
            keys[#keys + 1] = prefix .. 'board:' .. board
        else
            report[#report + 1] = groups[i] + (problem and 64 or 0)
        end
    end
    return keys, report
end

-- Of two uids of one place the smaller stands above.
local function is_smaller(uid, other)
    if #uid ~= #other then
        return #uid < #other
    end
    return uid < other
end

local function stands_above(one, other)
    if one[1] ~= other[1] then
        return one[1] > other[1]
    end
    return is_smaller(one[2], other[2])
end

local function stands_below(one, other)
    return stands_above(other, one)
end

-- The first of all parts from one bound to the other, as { place, uid }, in order: down the board, or up.
-- A few of each part are read first. The last of the wanted among those is a bound: only parts that were not read to there are read again.
local function first_of(keys, wanted, from, to, upwards)
    if wanted <= 0 or #keys == 0 then
        return {}
    end
    local command = upwards and 'ZRANGEBYSCORE' or 'ZREVRANGEBYSCORE'
    local lists, unread = {}, {}
    local function read(i, bound, most)
        if most then
            lists[i] = redis.call(command, keys[i], from, bound, 'WITHSCORES', 'LIMIT', 0, most)
            unread[i] = #lists[i] == 2 * most and tonumber(lists[i][2 * most]) or nil
        else
            lists[i] = redis.call(command, keys[i], from, bound, 'WITHSCORES')
            unread[i] = nil
        end
    end
    local function merged()
        local all = {}
        for _, list in ipairs(lists) do
            for i = 1, #list, 2 do
                all[#all + 1] = { tonumber(list[i + 1]), list[i] }
            end
        end
        table.sort(all, upwards and stands_below or stands_above)
        return all
    end

    for i = 1, #keys do
        read(i, to, math.ceil(wanted / #keys) + 2)
    end
    local all = merged()
    if #all < wanted and next(unread) then
        for i = 1, #keys do
            if unread[i] then
                read(i, to, wanted)
            end
        end
        all = merged()
    end
    if next(unread) then
        -- There are enough now. Of equal places a part may hold more than were read.
        local last = all[wanted][1]
        local again = false
        for i = 1, #keys do
            if unread[i] and (upwards and unread[i] <= last or not upwards and unread[i] >= last) then
                read(i, last, nil)
                again = true
            end
        end
        if again then
            all = merged()
        end
    end
    for i = #all, wanted + 1, -1 do
        all[i] = nil
    end
    return all
end

-- Who has a score of zero has no rank: the places from 0 to below SCORE_UNIT are passed over.
local function first_down(keys, wanted, from)
    local all = {}
    if from == '+inf' or tonumber(string.sub(from, 2)) > 0 then
        all = first_of(keys, wanted, from, SCORE_UNIT, false)
        from = '(0'
    end
    for _, entry in ipairs(first_of(keys, wanted - #all, from, '-inf', false)) do
        all[#all + 1] = entry
    end
    return all
end

local function first_up(keys, wanted, from)
    local all = {}
    if tonumber(string.sub(from, 2)) < 0 then
        all = first_of(keys, wanted, from, '(0', true)
        from = SCORE_UNIT
    end
    for _, entry in ipairs(first_of(keys, wanted - #all, from, '+inf', true)) do
        all[#all + 1] = entry
    end
    return all
end

-- For the answer: uid and place in turns, the place as exact text.
local function flat(entries)
    local answer = {}
    for i, entry in ipairs(entries) do
        answer[2 * i - 1] = entry[2]
        answer[2 * i] = string.format('%.17g', entry[1])
    end
    return answer
end
