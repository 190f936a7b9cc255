using System.Diagnostics;

namespace Swiper.Compare.Rows;

/// <summary>Seconds from spawning a host with an empty store to its first reply.</summary>
internal static class StartOfHost
{
    private const int Starts = 5;

    public static IReadOnlyList<double> Take(Subjects subjects)
    {
        var seconds = new double[Starts];
        for (var i = 0; i < Starts; i++)
        {
            var start = Stopwatch.GetTimestamp();
            using var swiper = subjects.FreshSwiper(withRobots: 0);
            seconds[i] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        return seconds;
    }
}
