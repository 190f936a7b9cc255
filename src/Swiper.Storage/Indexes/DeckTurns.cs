using Swiper.Core.Accounts;

namespace Swiper.Storage.Indexes;

/// <summary>
/// Turns: whoever is active and was not yet shown to anybody on the day waits for a turn, in a list of those of the same sex and cell,
/// until somebody's deck gives them one. So everybody who is active is shown to somebody within a day, however little they are liked and
/// however many live nearer, as long as there are decks to be shown on. In this host's memory only; thread-safe.
/// </summary>
/// <remarks>
/// Whoever has a turn on somebody's deck stays on that user's decks of the day: those are linked in a list of the user's own.
/// </remarks>
internal sealed class DeckTurns(PeopleIndex people)
{
    /// <summary>How many lists a deck looks into, and how many people it looks at in them.</summary>
    public const int MostAreas = 256;
    public const int MostWaiting = 256;

    /// <summary>How many of those who had their turn with the user a deck looks at.</summary>
    public const int MostHad = 256;

    // A list is not worth shrinking.
    private const int SmallList = 16;

    private const int Nobody = -1;
    private const int NoCell = 0;

    private readonly Lock _lock = new();
    private readonly ChunkedColumn<Turn> _turns = new();
    private readonly Dictionary<long, int> _areaNumbers = [];
    private readonly List<Area> _areas = [];
    // Numbers of areas that nobody waits in any more: people move, and areas must not be kept for wherever anybody has been.
    private readonly Stack<int> _freeNumbers = [];
    // Those with anybody, by sex.
    private readonly List<Area>[] _occupied = [[], []];
    private uint _draws;
    private uint _waits;

    /// <summary>How many wait.</summary>
    public int Waiting { get; private set; }

    /// <summary>How many lists there have been at the same time at most.</summary>
    public int Areas => _areas.Count;

    /// <summary>The user is active on the day, and waits for a turn unless there was one.</summary>
    public void Wait(int slot, int day)
    {
        // Without the lock: every swipe comes by here, and both change once a day.
        if (_turns.ValueOrDefault(slot) is var known && (known.IsWaiting || known.ShownOn >= day))
            return;
        var person = people[slot];
        if (!person.CanBeShown)
            return;
        lock (_lock)
        {
            ref var turn = ref _turns.Ensure(slot);
            if (turn.IsWaiting || turn.ShownOn >= day)
                return;
            turn.Wait = ++_waits;
            Enter(slot, ref turn, person);
        }
    }

    /// <summary>A profile has changed: whoever waits does so where they are now.</summary>
    public void Move(int slot, in Person person)
    {
        if (!_turns.ValueOrDefault(slot).IsWaiting)
            return;
        lock (_lock)
        {
            ref var turn = ref _turns[slot];
            if (!turn.IsWaiting)
                return;
            Leave(ref turn);
            if (person.CanBeShown)
                Enter(slot, ref turn, person);
        }
    }

    /// <summary>
    /// Somebody is shown to the user on the day, and if that is the first time on the day, it was the turn. Who was shown for it is kept
    /// for the user.
    /// </summary>
    public void Shown(int me, int slot, int day, bool byTurn)
    {
        if (_turns.ValueOrDefault(slot).ShownOn >= day)
            return;
        lock (_lock)
        {
            ref var turn = ref _turns.Ensure(slot);
            if (turn.ShownOn >= day)
                return;
            if (turn.IsWaiting)
                Leave(ref turn);
            turn.ShownOn = day;
            if (!byTurn)
            {
                turn.ShownTo = Nobody;
                return;
            }
            turn.ShownTo = me;
            ref var mine = ref _turns.Ensure(me);
            turn.Next = HadTurnWith(mine.First - 1, me, day) ? mine.First : 0;
            mine.First = slot + 1;
        }
    }

    /// <summary>
    /// Copies those who had their turn with the user on the day, in the order in which they had it, and then some of those who wait where
    /// the query searches; returns how many there are of each. Who of them fits the query remains to be seen.
    /// </summary>
    /// <param name="query">The query.</param>
    /// <param name="day">The day.</param>
    /// <param name="draw">From <see cref="NextDraw"/>: decides which of those who wait, if they are too many.</param>
    /// <param name="into">Has room for <see cref="MostHad"/> and <see cref="MostWaiting"/>.</param>
    public (int Had, int Waiting) Gather(in CandidateQuery query, int day, uint draw, Span<int> into)
    {
        lock (_lock)
        {
            var had = 0;
            var next = _turns.ValueOrDefault(query.Me).First - 1;
            while (had < MostHad && HadTurnWith(next, query.Me, day))
            {
                into[had++] = next;
                next = _turns[next].Next - 1;
            }
            into[..had].Reverse();
            var waiting = Waiting == 0 ? 0 : GatherWaiting(query, draw, into.Slice(had, MostWaiting));
            return (had, waiting);
        }
    }

    /// <summary>A number for a deck, so that it looks elsewhere than the one before.</summary>
    public uint NextDraw() => Interlocked.Increment(ref _draws);

    /// <summary>Whether somebody waits; may be asked for while that changes.</summary>
    public bool IsWaiting(int slot) => _turns.ValueOrDefault(slot).IsWaiting;

    /// <summary>The number of the wait: whoever has waited for longer has a smaller one.</summary>
    public uint WaitOf(int slot) => _turns.ValueOrDefault(slot).Wait;

    private bool HadTurnWith(int slot, int me, int day) =>
        slot >= 0 && _turns.ValueOrDefault(slot) is var turn && turn.ShownOn == day && turn.ShownTo == me;

    // Whichever are fewer: the cells in reach, or the lists with anybody. If they are more than can be looked into, the draw chooses some.
    private int GatherWaiting(in CandidateQuery query, uint draw, Span<int> into)
    {
        var occupied = _occupied[(int)query.Sex];
        if (!query.ByDistance)
        {
            // Those without a place are found by nobody else.
            var found = _areaNumbers.TryGetValue(KeyOf(query.Sex, NoCell), out var area) ? _areas[area].CopyTo(into, draw) : 0;
            return found + GatherFrom(occupied, null, draw, into[found..]);
        }
        var box = CellBox.Around(query.Place!.Value, (query.MaxKm + NearbyAreas.ReachKm) / DistanceFrom.KmPerDegree);
        return box.Count < occupied.Count ? GatherFrom(box, query.Sex, draw, into) : GatherFrom(occupied, box, draw, into);
    }

    private static int GatherFrom(List<Area> occupied, CellBox? within, uint draw, Span<int> into)
    {
        var found = 0;
        var (at, stride) = WayThrough(occupied.Count, draw);
        for (var looked = 0; looked < Math.Min(MostAreas, occupied.Count) && found < into.Length; looked++)
        {
            var area = occupied[at];
            if (within is { } box ? box.Contains(area.Cell) : area.Cell != NoCell)
                found += area.CopyTo(into[found..], draw);
            at = (int)(((long)at + stride) % occupied.Count);
        }
        return found;
    }

    private int GatherFrom(CellBox box, Sex sex, uint draw, Span<int> into)
    {
        var found = 0;
        var (at, stride) = WayThrough(box.Count, draw);
        for (var looked = 0; looked < Math.Min(MostAreas, box.Count) && found < into.Length; looked++)
        {
            if (_areaNumbers.TryGetValue(KeyOf(sex, box[at]), out var area))
                found += _areas[area].CopyTo(into[found..], draw);
            at = (int)(((long)at + stride) % box.Count);
        }
        return found;
    }

    // From a place that the draw chooses on, all of them once if there is time: the stride is a prime that does not divide the count.
    private static (int At, int Stride) WayThrough(int count, uint draw)
    {
        const int Prime = 7_919;
        return (count == 0 ? 0 : (int)(draw * 0x9E37_79B9u % (uint)count), count % Prime == 0 ? 1 : Prime);
    }

    private void Enter(int slot, ref Turn turn, in Person person)
    {
        var key = KeyOf(person.Sex, person.Place.Cell);
        if (!_areaNumbers.TryGetValue(key, out var number))
        {
            if (!_freeNumbers.TryPop(out number))
            {
                number = _areas.Count;
                _areas.Add(new Area());
            }
            (_areas[number].Sex, _areas[number].Cell) = (person.Sex, person.Place.Cell);
            _areaNumbers.Add(key, number);
        }
        var area = _areas[number];
        turn.Area = number;
        turn.Position = area.Slots.Count + 1;
        area.Slots.Add(slot);
        Waiting++;
        if (area.Slots.Count > 1)
            return;
        area.Position = _occupied[(int)area.Sex].Count;
        _occupied[(int)area.Sex].Add(area);
    }

    // The last one takes the place that becomes free, in the list and in that of the lists.
    private void Leave(ref Turn turn)
    {
        var area = _areas[turn.Area];
        var slots = area.Slots;
        slots[turn.Position - 1] = slots[^1];
        _turns[slots[^1]].Position = turn.Position;
        slots.RemoveAt(slots.Count - 1);
        // Whoever gathers many in one place after the other must not leave room for all of them in each.
        if (slots.Capacity > SmallList && slots.Count < slots.Capacity / 4)
            slots.Capacity /= 2;
        turn.Position = 0;
        Waiting--;
        if (slots.Count > 0)
            return;
        var occupied = _occupied[(int)area.Sex];
        occupied[area.Position] = occupied[^1];
        occupied[^1].Position = area.Position;
        occupied.RemoveAt(occupied.Count - 1);
        _areaNumbers.Remove(KeyOf(area.Sex, area.Cell));
        _freeNumbers.Push(turn.Area);
    }

    private static long KeyOf(Sex sex, int cell) => (long)cell << 1 | (long)sex;

    /// <summary>Those of a sex and a cell who wait; those without a place have a cell of their own.</summary>
    private sealed class Area
    {
        public Sex Sex { get; set; }

        public int Cell { get; set; }

        /// <summary>Among those with anybody.</summary>
        public int Position { get; set; }

        public List<int> Slots { get; } = [];

        public int CopyTo(Span<int> into, uint draw)
        {
            var count = Math.Min(Slots.Count, into.Length);
            var at = count == 0 ? 0 : (int)(draw * 0x85EB_CA6Bu % (uint)Slots.Count);
            for (var i = 0; i < count; i++)
            {
                into[i] = Slots[at];
                if (++at == Slots.Count)
                    at = 0;
            }
            return count;
        }
    }

    /// <summary>Of one user, in 28 bytes.</summary>
    private struct Turn
    {
        /// <summary>The last day they were shown on, and who gave them a turn on it.</summary>
        public int ShownOn;
        public int ShownTo;

        /// <summary>Who had a turn with the same user before them; a slot plus one, 0 for nobody.</summary>
        public int Next;

        /// <summary>Who had a turn with them last, likewise.</summary>
        public int First;

        /// <summary>The number of the wait, also of one that is over.</summary>
        public uint Wait;

        /// <summary>Where they wait, if their position, from 1, is not 0.</summary>
        public int Area;
        public int Position;

        public readonly bool IsWaiting => Position != 0;
    }
}
