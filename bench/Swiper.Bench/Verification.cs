namespace Swiper.Bench;

/// <summary>Makes sure, before anything is measured, that a benchmark does what its name says.</summary>
internal static class Verification
{
    /// <exception cref="InvalidOperationException">It does not.</exception>
    public static void Require(bool holds, string what)
    {
        if (!holds)
            throw new InvalidOperationException($"The benchmark is not what it says: {what} does not hold.");
    }
}
