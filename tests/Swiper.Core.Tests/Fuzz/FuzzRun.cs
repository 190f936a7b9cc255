using System.Globalization;

namespace Swiper.Core.Tests.Fuzz;

/// <summary>
/// How many cases to run (<c>SWIPER_FUZZ_CASES</c>, a million) and from which seed (<c>SWIPER_FUZZ_SEED</c>, another each time).
/// </summary>
internal static class FuzzRun
{
    private static readonly long Seed = Number("SWIPER_FUZZ_SEED") ?? Random.Shared.NextInt64(1_000_000_000);

    public static long Cases { get; } = Number("SWIPER_FUZZ_CASES") ?? 1_000_000;

    /// <summary>Runs cases, and says of one that fails how to run it again.</summary>
    public static void Run(long cases, IReadOnlyList<byte[]> honest, Func<ushort>? opcode, Action<long, ReadOnlySpan<byte>> test)
    {
        var random = new FuzzRandom();
        var hostile = new FuzzCases(honest, random);
        for (long number = 0; number < cases; number++)
        {
            random.StartCase(Seed, number);
            var bytes = hostile.Next(opcode);
            try
            {
                test(number, bytes);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException(
                    $"case {number} of SWIPER_FUZZ_SEED={Seed} failed: {Convert.ToHexString(bytes)}: {exception.Message}", exception);
            }
        }
    }

    private static long? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? long.Parse(text, CultureInfo.InvariantCulture) : null;
}
