namespace Swiper.Storage.Redis;

/// <summary>
/// A user's place on a board as one number, the same as in Prelude.lua: <c>score * 2^40 + (2^40 - 1 - ms from 2024-01-01 to when it was
/// reached)</c>. Higher scores rank first, and on a tie who reached it first. Past 2^13 points that exceeds a double's 53 bits; then the
/// time is rounded to a grain, never the score.
/// </summary>
internal static class BoardPlace
{
    /// <summary>The places of score zero, which is not ranked, are from 0 to below this.</summary>
    public const double ScoreUnit = 1L << 40;

    private const long Epoch2024 = 1_704_067_200_000;
    private const long ExactScores = 8192;

    public static double Of(long score, long reached)
    {
        var tie = Math.Clamp((1L << 40) - 1 - (reached - Epoch2024), 0, (1L << 40) - 1);
        var grain = 1L;
        for (var size = Math.Abs((double)score); size >= ExactScores; size /= 2)
            grain *= 2;
        tie -= tie % grain;
        return score * ScoreUnit + tie;
    }

    public static long ScoreOf(double place) => (long)Math.Floor(place / ScoreUnit);

    /// <summary>When the score was reached, in ms since the Unix epoch; for huge scores the end of its grain.</summary>
    public static long ReachedOf(double place) => Epoch2024 + (1L << 40) - 1 - (long)(place - Math.Floor(place / ScoreUnit) * ScoreUnit);
}
