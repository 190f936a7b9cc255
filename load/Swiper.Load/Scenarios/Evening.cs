using Swiper.Core.Protocol;

namespace Swiper.Load.Scenarios;

/// <summary>What users ask for in an evening.</summary>
internal static class Evening
{
    /// <summary>Requests per user and day.</summary>
    public const int RequestsPerDay = 200;

    /// <summary>How many of them each is.</summary>
    public static readonly IReadOnlyList<(Opcode Opcode, int PerDay)> Mix =
    [
        (Opcode.Deck, 12), (Opcode.Swipe, 112), (Opcode.Profile, 16), (Opcode.LikedMe, 16), (Opcode.Top, 12), (Opcode.RankOf, 8),
        (Opcode.Ping, 24),
    ];

    /// <summary>Requests per second and user: 80 % of them are made in 20 % of the day.</summary>
    public const double PeakPerUser = RequestsPerDay * 0.8 / (0.2 * 86_400);
}
