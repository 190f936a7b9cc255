using System.ComponentModel;
using Swiper.Core.Protocol;

namespace Swiper.Core.Dispatch;

/// <summary>The push of a server that is about to stop.</summary>
public readonly record struct DrainingPush(
    [Description("how long to wait before reconnecting, preferably to another host"), Within(0, int.MaxValue)] int ReconnectAfterMs)
    : IPayload<DrainingPush>
{
    public static DrainingPush Read(scoped ref FieldReader fields) => new(fields.Int32("reconnect_after_ms", 0, int.MaxValue));

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(1);
        writer.WriteInt64(ReconnectAfterMs);
    }
}

/// <summary>The push to a connection whose token is no longer valid.</summary>
public readonly record struct SignedOutPush(
    [Description("\"logout\", \"signed_out\" (a device of the user has signed this one out), \"expired\" (the token has expired) or "
        + "\"replaced\" (the user has signed in on more than 16 devices, or opened more than the 16 connections that a host allows)")]
    string Reason) : IPayload<SignedOutPush>
{
    public const string Logout = "logout";
    public const string SignedOut = "signed_out";
    public const string Expired = "expired";
    public const string Replaced = "replaced";

    public static SignedOutPush Read(scoped ref FieldReader fields) => new(fields.String("reason", 100));

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(1);
        writer.WriteString(Reason);
    }
}
