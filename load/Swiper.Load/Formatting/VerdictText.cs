using Swiper.Load.Results;

namespace Swiper.Load.Formatting;

/// <summary>How a run ended, in one word.</summary>
internal static class VerdictText
{
    public static string Of(LoadReport report) => report switch
    {
        { Thresholds.Count: 0 } => "no thresholds",
        { Passed: true } => "passed",
        _ => "failed",
    };
}
