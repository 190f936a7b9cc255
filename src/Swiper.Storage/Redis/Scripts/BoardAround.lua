-- ARGV: board, uid, the user's group where this server has it or '', else the user's place or '', how many neighbours on each side,
-- groups.
-- Answers the report of Ranking.lua and, where that is empty: the user's place ('' where there is no rank), how many of these groups stand
-- above, the next above and the next below, each from the nearest on: uid, place.

local board, uid, home, place, wanted = ARGV[1], ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
local keys, report = parts_of(board, ARGV, 6)
if #report > 0 then
    return { report }
end
if home ~= '' then
    place = redis.call('ZSCORE', prefix_of(home) .. 'board:' .. board, uid) or ''
end
local number = tonumber(place)
if not number or (number >= 0 and number < SCORE_UNIT) then
    return { report, '', 0, {}, {} }
end

local better, above, below = 0, {}, {}
for _, key in ipairs(keys) do
    if number < 0 then
        better = better + redis.call('ZCOUNT', key, '(' .. place, '(0') + redis.call('ZCOUNT', key, SCORE_UNIT, '+inf')
    else
        better = better + redis.call('ZCOUNT', key, '(' .. place, '+inf')
    end
    for _, other in ipairs(redis.call('ZRANGEBYSCORE', key, place, place)) do
        if is_smaller(other, uid) then
            better = better + 1
            above[#above + 1] = { number, other }
        elseif other ~= uid then
            below[#below + 1] = { number, other }
        end
    end
end
if wanted > 0 then
    table.sort(above, stands_below)
    for _, entry in ipairs(first_up(keys, wanted - #above, '(' .. place)) do
        above[#above + 1] = entry
    end
    table.sort(below, stands_above)
    for _, entry in ipairs(first_down(keys, wanted - #below, '(' .. place)) do
        below[#below + 1] = entry
    end
    for i = math.max(#above, #below), wanted + 1, -1 do
        above[i] = nil
        below[i] = nil
    end
else
    above, below = {}, {}
end
return { report, place, better, flat(above), flat(below) }
