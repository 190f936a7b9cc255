using System.Globalization;
using Swiper.Client;

namespace Swiper.EndToEnd.Running;

/// <summary>People made by the tool, each with a token.</summary>
internal static class Robots
{
    /// <summary>Makes them in the folder of a host that is not running, and answers their tokens.</summary>
    public static async Task<string[]> MakeAsync(string data, int count)
    {
        var made = await BuiltProgram.RunAsync(
            "dotnet", BuiltProgram.Tools, "robots", "--count", count.ToString(CultureInfo.InvariantCulture), "--data", data);
        Assert.True(made.ExitCode == 0, made.Error);
        var tokens = made.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(count, tokens.Length);
        return tokens;
    }

    /// <summary>Connects and signs in one client a token.</summary>
    public static async Task<SwiperClient[]> SignInAsync(
        this HostProcess host, IReadOnlyList<string> tokens, Func<SwiperClientOptions, SwiperClientOptions>? change = null)
    {
        var clients = new SwiperClient[tokens.Count];
        await Parallel.ForAsync(0, tokens.Count, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (index, cancellation) =>
        {
            clients[index] = await host.ConnectAsync(change);
            await clients[index].ResumeAsync(tokens[index], lastPushSeq: 0, cancellation);
        });
        return clients;
    }

    public static async Task DisposeAllAsync(this IEnumerable<SwiperClient> clients)
    {
        foreach (var client in clients)
            await client.DisposeAsync();
    }
}
