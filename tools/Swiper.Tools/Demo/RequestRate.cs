using System.Diagnostics;

namespace Swiper.Tools.Demo;

/// <summary>Requests answered a second, over about the last second.</summary>
internal sealed class RequestRate(Tally tally)
{
    private readonly Queue<(long At, long Requests)> _samples = new([(Stopwatch.GetTimestamp(), tally.Requests)]);

    public double PerSecond { get; private set; }

    public void Sample()
    {
        var now = (At: Stopwatch.GetTimestamp(), tally.Requests);
        _samples.Enqueue(now);
        while (_samples.Count > 2 && Stopwatch.GetElapsedTime(_samples.Peek().At, now.At) > TimeSpan.FromSeconds(1.1))
            _samples.Dequeue();
        var first = _samples.Peek();
        PerSecond = (now.Requests - first.Requests) / Stopwatch.GetElapsedTime(first.At, now.At).TotalSeconds;
    }
}
