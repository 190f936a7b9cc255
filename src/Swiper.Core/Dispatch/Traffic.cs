using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Numerics;
using System.Text.Json;
using Swiper.Core.Protocol;

namespace Swiper.Core.Dispatch;

/// <summary>
/// What the host received, answered and sent, as the instruments of the meter "Swiper.Host" show it. The counts are exact; how long
/// requests took is a sample of each opcode's (<see cref="SamplePace"/>).
/// </summary>
/// <remarks>
/// An instrument's own <c>Add</c> would cost a fifth of an echo (docs/decisions/0035-counting-requests.md). So each processor has counters
/// of its own, which only they who read the instruments add up, and the requests of a read that are alike are counted together.
/// </remarks>
public sealed class Traffic : IDisposable
{
    public const string MeterName = "Swiper.Host";

    private const int MaxStripes = 64;
    private const string Operation = "op";

    private static readonly StatusCode[] Codes = Enum.GetValues<StatusCode>();
    private static readonly byte[] IndexOfCode = IndexCodes();

    // From what a network hides to what a client gives up on.
    private static readonly InstrumentAdvice<double> Buckets = new()
    {
        HistogramBucketBoundaries =
            [50e-6, 100e-6, 250e-6, 500e-6, 1e-3, 2.5e-3, 5e-3, 10e-3, 25e-3, 50e-3, 100e-3, 250e-3, 500e-3, 1, 2.5, 5, 10],
    };

    // Endpoints, and behind them whatever has no endpoint.
    private readonly string[] _operations;
    private readonly string[] _pushes;
    private readonly byte[] _slotOfOperation;
    private readonly byte[] _slotOfPush;
    private readonly KeyValuePair<string, object?>[] _operationTags;
    private readonly Stripe[] _stripes;
    private readonly Histogram<double> _durations;
    private readonly SlowRequests? _slow;
    private readonly ITimer _relaxing;

    /// <param name="table">With all endpoints and pushes.</param>
    /// <param name="meters">Where the instruments are.</param>
    /// <param name="clock">For the pace of the samples.</param>
    /// <param name="slow">Is told of requests that took long; null for nobody.</param>
    public Traffic(OpcodeTable table, IMeterFactory meters, TimeProvider clock, SlowRequests? slow = null)
    {
        _slow = slow;
        (_operations, _slotOfOperation) = Slots([.. table.Endpoints.Select(static endpoint => endpoint.Opcode)]);
        (_pushes, _slotOfPush) = Slots([.. table.Pushes.Select(static push => push.Opcode)]);
        _operationTags = [.. _operations.Select(static name => new KeyValuePair<string, object?>(Operation, name))];
        var stripes = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Min(Environment.ProcessorCount, MaxStripes));
        _stripes = [.. Enumerable.Range(0, stripes).Select(_ => new Stripe(_operations.Length, _pushes.Length))];

        var meter = meters.Create(MeterName);
        meter.CreateObservableCounter("swiper.requests", Requests, "{request}", "Answered requests, by opcode and code of the reply.");
        meter.CreateObservableUpDownCounter("swiper.requests.in_flight", InFlight, "{request}", "Requests that wait for a store.");
        meter.CreateObservableCounter("swiper.requests.throttled", Throttles, "{request}",
            "Requests refused with 1005 by the rates and quotas of the user or the address.");
        meter.CreateObservableCounter("swiper.pushes", Pushes, "{push}", "Pushes sent to connections, by opcode.");
        meter.CreateObservableCounter("swiper.io", Bytes, "By", "Bytes of frames, before TLS.");
        _durations = meter.CreateHistogram("swiper.request.duration", "s",
            "From a request's arrival to its reply, of a sample of the requests: where an opcode is frequent, of some hundreds a second.",
            tags: null, Buckets);
        var second = TimeSpan.FromSeconds(1);
        _relaxing = clock.CreateTimer(static traffic => ((Traffic)traffic!).Relax(), this, second, second);
    }

    private Stripe Mine => _stripes[Thread.GetCurrentProcessorId() & (_stripes.Length - 1)];

    public void Dispose() => _relaxing.Dispose();

    /// <summary>Requests of one kind were answered at once.</summary>
    /// <param name="session">Their connection.</param>
    /// <param name="opcode">Negative if it has no endpoint.</param>
    /// <param name="code">Of the replies.</param>
    /// <param name="count">How many there were.</param>
    /// <param name="times">Of all of them.</param>
    internal void Answered(Session session, int opcode, StatusCode code, int count, in RequestTimes times)
    {
        var slot = SlotOf(opcode);
        // Those that waited for nothing were answered within their read: the clock is looked at for the sample only.
        if (Count(slot, code, count) is var samples && (samples > 0 || times.HasWaited))
            Time(session, slot, code, count, samples, times);
    }

    /// <summary>A request waits for a store.</summary>
    internal void Deferred() => Interlocked.Increment(ref Mine.Totals[Stripe.Begun]);

    /// <summary>A request that waited for a store was answered.</summary>
    internal void Completed(Session session, int opcode, StatusCode code, in RequestTimes times)
    {
        Interlocked.Increment(ref Mine.Totals[Stripe.Ended]);
        var slot = SlotOf(opcode);
        Time(session, slot, code, count: 1, Count(slot, code, 1), times);
    }

    /// <summary>A request was refused with 1005.</summary>
    internal void Throttled(int opcode, Throttle by) => Interlocked.Increment(ref Mine.Throttled[(2 * SlotOf(opcode)) + (int)by]);

    internal void Pushed(Opcode opcode)
    {
        var slot = (int)opcode < _slotOfPush.Length ? _slotOfPush[(int)opcode] : _pushes.Length - 1;
        Interlocked.Increment(ref Mine.Pushes[slot]);
    }

    internal void Received(long bytes) => Interlocked.Add(ref Mine.Totals[Stripe.Received], bytes);

    internal void Sent(long bytes) => Interlocked.Add(ref Mine.Totals[Stripe.Sent], bytes);

    // Returns how many of them belong to the sample.
    private int Count(int slot, StatusCode code, int count)
    {
        var mine = Mine;
        Interlocked.Add(ref mine.Requests[(slot * Codes.Length) + IndexOfCode[(int)code]], count);
        return mine.Paces[slot].Take(count);
    }

    private void Time(Session session, int slot, StatusCode code, int count, int samples, in RequestTimes times)
    {
        var now = Stopwatch.GetTimestamp();
        var seconds = Stopwatch.GetElapsedTime(times.Arrived, now).TotalSeconds;
        for (; samples > 0; samples--)
            _durations.Record(seconds, _operationTags[slot]);
        if (_slow is not null && _slow.AreSlow(times, now))
            _slow.Tell(session, _operationTags[slot], code, count, times, now);
    }

    private int SlotOf(int opcode) => (uint)opcode < (uint)_slotOfOperation.Length ? _slotOfOperation[opcode] : _operations.Length - 1;

    private void Relax()
    {
        foreach (var stripe in _stripes)
        {
            foreach (ref var pace in stripe.Paces.AsSpan())
                pace.Relax();
        }
    }

    private long Sum(Func<Stripe, long[]> counters, int index)
    {
        var sum = 0L;
        foreach (var stripe in _stripes)
            sum += Volatile.Read(ref counters(stripe)[index]);
        return sum;
    }

    private IEnumerable<Measurement<long>> Requests()
    {
        for (var slot = 0; slot < _operations.Length; slot++)
        {
            for (var code = 0; code < Codes.Length; code++)
            {
                var count = Sum(static stripe => stripe.Requests, (slot * Codes.Length) + code);
                // Those that succeed are shown from the start, so that their first is seen as an increase.
                if (count > 0 || (Codes[code] == StatusCode.Ok && slot < _operations.Length - 1))
                    yield return new(count, _operationTags[slot], new("code", $"{(int)Codes[code]}"));
            }
        }
    }

    // In this order, so that it is never negative.
    private long InFlight()
    {
        var ended = Sum(static stripe => stripe.Totals, Stripe.Ended);
        return Sum(static stripe => stripe.Totals, Stripe.Begun) - ended;
    }

    private IEnumerable<Measurement<long>> Throttles()
    {
        for (var slot = 0; slot < _operations.Length; slot++)
        {
            foreach (var by in Enum.GetValues<Throttle>())
            {
                var count = Sum(static stripe => stripe.Throttled, (2 * slot) + (int)by);
                if (count > 0)
                    yield return new(count, _operationTags[slot], new("scope", by == Throttle.User ? "user" : "address"));
            }
        }
    }

    private IEnumerable<Measurement<long>> Pushes() => _pushes.Select((name, slot) =>
        new Measurement<long>(Sum(static stripe => stripe.Pushes, slot), new KeyValuePair<string, object?>(Operation, name)));

    private IEnumerable<Measurement<long>> Bytes() =>
    [
        new(Sum(static stripe => stripe.Totals, Stripe.Received), new KeyValuePair<string, object?>("direction", "receive")),
        new(Sum(static stripe => stripe.Totals, Stripe.Sent), new KeyValuePair<string, object?>("direction", "transmit")),
    ];

    // A place for each opcode, and the last for all others: clients can't make up names.
    private static (string[] Names, byte[] SlotOf) Slots(Opcode[] opcodes)
    {
        var slotOf = new byte[opcodes.Length == 0 ? 0 : (int)opcodes.Max() + 1];
        Array.Fill(slotOf, checked((byte)opcodes.Length));
        for (var slot = 0; slot < opcodes.Length; slot++)
            slotOf[(int)opcodes[slot]] = (byte)slot;
        return ([.. opcodes.Select(static opcode => JsonNamingPolicy.SnakeCaseLower.ConvertName(opcode.ToString())), "unknown"], slotOf);
    }

    private static byte[] IndexCodes()
    {
        var indexes = new byte[(int)Codes.Max() + 1];
        for (var index = 0; index < Codes.Length; index++)
            indexes[(int)Codes[index]] = checked((byte)index);
        return indexes;
    }

    // What one processor counted. Two threads may be on it in turns, so everything is added atomically, which is cheap there.
    private sealed class Stripe(int operations, int pushes)
    {
        public const int Begun = 0;
        public const int Ended = 1;
        public const int Received = 2;
        public const int Sent = 3;

        // Two lines of the cache: no other stripe's counters are on them.
        private const int Apart = 16;

        public readonly long[] Totals = new long[Sent + 1 + Apart];
        public readonly long[] Requests = new long[(operations * Codes.Length) + Apart];
        public readonly long[] Throttled = new long[(2 * operations) + Apart];
        public readonly long[] Pushes = new long[pushes + Apart];
        public readonly SamplePace[] Paces = new SamplePace[operations];
    }
}

/// <summary>Whose rate or quota refused a request.</summary>
internal enum Throttle
{
    User,
    Address,
}
