using Swiper.Client;
using Swiper.EndToEnd.Running;
using Swiper.Local.Hosts;

namespace Swiper.EndToEnd.Cluster;

/// <summary>Many new people at once.</summary>
internal static class SigningUp
{
    private const int AtOnce = 32;

    /// <summary>Signs up so many people by their phones; answers their tokens. Their uids take turns among the shards.</summary>
    public static async Task<string[]> SignUpAsync(this ChildHost host, int count)
    {
        await using var client = await host.ConnectAsync();
        var phones = Enumerable.Range(0, count).Select(_ => Outbox.NewPhone()).ToArray();
        await Parallel.ForEachAsync(phones, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (phone, cancellation) =>
            await Verification.RetryAsync(() => client.TryRequestCodeAsync(phone, cancellation)));
        var outbox = new SmsOutbox(host.Data);

        // Each on a connection of its own, as requests of one take effect one after the other.
        var clients = await Task.WhenAll(Enumerable.Range(0, Math.Min(AtOnce, count)).Select(_ => host.ConnectAsync()));
        var logins = await Task.WhenAll(clients.Select(async (login, first) =>
        {
            var replies = new List<(int Index, LoginReply Reply)>();
            for (var index = first; index < count; index += clients.Length)
            {
                var (phone, code) = (phones[index], outbox.CodeOf(phones[index]));
                replies.Add((index, await Verification.RetryAsync(() => login.TryLogInAsync(phone, code))));
            }
            return replies;
        }));
        await clients.DisposeAllAsync();
        Assert.All(logins.SelectMany(replies => replies), login => Assert.True(login.Reply.Created));
        return [.. logins.SelectMany(replies => replies).OrderBy(login => login.Index).Select(login => login.Reply.Token)];
    }
}
