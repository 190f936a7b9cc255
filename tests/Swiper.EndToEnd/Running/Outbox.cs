using Swiper.Client;
using Swiper.Local.Hosts;

namespace Swiper.EndToEnd.Running;

/// <summary>Signing in as people do: a code is sent, read from the outbox, and typed in.</summary>
internal static class Outbox
{
    private static int _lastPhone;

    /// <summary>A number that no other test has.</summary>
    public static string NewPhone() => $"+1555{Interlocked.Increment(ref _lastPhone):D8}";

    /// <summary>The newest code that was sent to a phone.</summary>
    public static string NewestCode(this ChildHost host, string phone) => new SmsOutbox(host.Data).CodeOf(phone);

    /// <summary>Asks for a code and signs in with it.</summary>
    public static async Task<LoginReply> SignInAsync(this ChildHost host, SwiperClient client, string phone)
    {
        await client.RequestCodeAsync(phone);
        return await client.LogInAsync(phone, host.NewestCode(phone));
    }

    /// <summary>Another code that has the right form.</summary>
    public static string WrongCode(string code) => code == "111111" ? "222222" : "111111";
}
