namespace Swiper.Bench;

/// <summary>Verifies, before anything is measured, that a benchmark does what its name says.</summary>
internal static class Verification
{
    /// <exception cref="InvalidOperationException">It does not.</exception>
    public static void Require(bool holds, string what)
    {
        if (!holds)
            throw new InvalidOperationException($"Benchmark verification failed; expected: {what}.");
    }
}
