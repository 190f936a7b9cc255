using Swiper.Compare.Processes;
using Swiper.Core.Protocol;
using Swiper.Load.Wire;

namespace Swiper.Compare.Rows;

/// <summary>Fills a board.</summary>
internal static class HotPeople
{
    private const int Wanted = 50;
    private static readonly Pace Pace = new(TimeSpan.Zero, TimeSpan.FromSeconds(1));

    /// <summary>Lets robots swipe for a second; returns how many people the board then shows.</summary>
    public static int Make(SwiperHost swiper, long[] people)
    {
        Loads.Swipes(swiper, people, Pace);
        // The top of a board is cached for a second.
        Thread.Sleep(1100);
        var (connections, _) = swiper.Robots.SignIn(swiper.EndPoint, 1);
        using (connections)
        {
            var shown = CountPeople(connections.All[0].Ask(RepeatedRequests.Top(Wanted).Next(0, 1)));
            return shown == Wanted ? shown : throw new InvalidOperationException($"the board shows {shown} people instead of {Wanted}");
        }
    }

    private static int CountPeople(ReadOnlySpan<byte> reply)
    {
        var reader = new MessagePackReader(reply);
        return reader.TryReadArrayHeader(out _) && reader.TryReadInt64(out _) && reader.TryReadInt64(out _)
            && reader.TryReadInt64(out var code)
            && code == 0 && reader.TryReadArrayHeader(out var people) ? people : 0;
    }
}
