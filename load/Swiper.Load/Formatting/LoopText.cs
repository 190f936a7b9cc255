using Swiper.Load.Results;

namespace Swiper.Load.Formatting;

/// <summary>Describes how a run was driven: as an open or a closed loop.</summary>
internal static class LoopText
{
    public static string Of(LoadReport report) => report switch
    {
        { Setting.Rate: null } => "closed loop",
        { Setting.Rate: { } rate, DuePerSecond: { } due } when due < Math.Round(rate, 3) =>
            $"open loop ramping up to {NumberText.Of(rate)} a second, {NumberText.Of(due)} due on average",
        { Setting.Rate: { } rate } => $"open loop at {NumberText.Of(rate)} a second",
    };
}
