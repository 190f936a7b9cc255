using System.Globalization;
using Swiper.Host.Options;

namespace Swiper.Host.Tests.Transport;

public sealed class EpollRandomTrafficTests() : RandomTrafficContract(TransportKind.Epoll);

public sealed class SocketsRandomTrafficTests() : RandomTrafficContract(TransportKind.Sockets);

/// <summary>
/// Connections on which both sides do at random what they may, many at once, checked by content and by that each of them ends.
/// <c>SWIPER_FUZZ_CASES</c> says how many times 4,000, <c>SWIPER_FUZZ_SEED</c> which (a case goes the same way only as far as the
/// threads do).
/// </summary>
public abstract class RandomTrafficContract(TransportKind kind)
{
    private const int AtOnce = 24;

    private static readonly int Connections = (int)Math.Max(1, (Number("SWIPER_FUZZ_CASES") ?? 1_000_000) / 4_000);
    private static readonly int Seed = (int)(Number("SWIPER_FUZZ_SEED") ?? Random.Shared.Next(1_000_000_000));

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Whatever_both_sides_do_no_byte_is_lost_doubled_or_anothers_and_nobody_waits_for_ever(int loops)
    {
        await using var transport = await BoundTransport.StartAsync(kind, loops);
        await Parallel.ForAsync(0, Connections, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (number, _) =>
        {
            var traffic =
                new RandomTraffic(await transport.ConnectAsync(number % 4 == 0 ? 8 * 1024 : 0), unchecked(Seed + (number * 7919)));
            try
            {
                await traffic.RunAsync();
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException(
                    $"connection {number} of SWIPER_FUZZ_SEED={Seed} failed ({traffic}): {exception.Message}", exception);
            }
        });
    }

    private static long? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? long.Parse(text, CultureInfo.InvariantCulture) : null;
}
