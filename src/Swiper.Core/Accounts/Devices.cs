using System.ComponentModel;
using System.Runtime.CompilerServices;
using Swiper.Core.Diagnostics;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;

namespace Swiper.Core.Accounts;

[Description("A device on which the user is signed in.")]
public readonly record struct SignedInDevice(
    [Description("identifies it; each login makes a new device")] long DeviceId,
    [Description("what the app called itself in `hello` before it last signed in; empty if it said nothing that can be shown in a line"),
        MaxBytes(HelloRequest.MaxClientBytes)]
    string Client,
    [Description("when it logged in"), Time] long Created,
    [Description("when it was last signed in, or up to an hour before that"), Time] long LastSeen,
    [Description("it is the device that asks")] bool Current)
{
    internal static SignedInDevice Read(ref FieldReader devices)
    {
        var device = devices.Elements("device");
        var read = new SignedInDevice(
            device.Int64("device_id"), device.String("client", HelloRequest.MaxClientBytes), device.Int64("created"),
            device.Int64("last_seen"), device.Boolean("current"));
        devices.Fail(device.Problem);
        return read;
    }

    internal void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(5);
        writer.WriteInt64(DeviceId);
        writer.WriteString(Client);
        writer.WriteInt64(Created);
        writer.WriteInt64(LastSeen);
        writer.WriteBoolean(Current);
    }
}

/// <summary>The devices of a user.</summary>
public sealed record DevicesReply(
    [Description("the devices, those seen last first"), Elements] IReadOnlyList<SignedInDevice> Devices) : IPayload<DevicesReply>
{
    public static DevicesReply Read(scoped ref FieldReader fields)
    {
        var devices = new List<SignedInDevice>();
        while (fields.Left > 0)
            devices.Add(SignedInDevice.Read(ref fields));
        return new(devices);
    }

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(Devices.Count);
        for (var index = 0; index < Devices.Count; index++)
            Devices[index].Write(ref writer);
    }
}

public readonly record struct SignOutRequest(
    [Description("the device; all but the one that asks if absent")] long? DeviceId = null) : IPayload<SignOutRequest>
{
    public static SignOutRequest Read(scoped ref FieldReader fields) => new(fields.OptionalInt64("device_id"));

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(1);
        writer.WriteOptionalInt64(DeviceId);
    }
}

[Description("Returns the devices on which the user is signed in, at most 16. A token that an older server issued is a device from its "
    + "next `resume` on.")]
internal sealed class DevicesHandler(IDeviceRepository devices, TimeProvider clock) : IDeferredHandler<NoArgs, DevicesReply>
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Outcome<DevicesReply>> HandleAsync(Session session, NoArgs request) =>
        session.Identity is { } identity
            ? new DevicesReply(await devices.ReadAsync(identity.Uid, identity.TokenId, clock.NowMs()))
            : LogoutHandler.NotSignedIn;
}

[Description("Signs out a device, or all others: their tokens are revoked, and their connections get push 704. To sign out what is no "
    + "device of the user is a success: it is not signed in. The device that asks may name itself, and gets push 704 before the reply.")]
internal sealed class SignOutHandler(IDeviceRepository devices) : IDeferredHandler<SignOutRequest, NoData>
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Outcome<NoData>> HandleAsync(Session session, SignOutRequest request) =>
        session.Identity is { } identity && await devices.SignOutAsync(identity.Uid, identity.TokenId, request.DeviceId)
            ? default(NoData)
            : LogoutHandler.NotSignedIn;
}

/// <summary>What an app calls itself, as it is shown in a list of devices.</summary>
internal static class ClientName
{
    /// <summary>What was said in `hello`; empty if that does not fit a line.</summary>
    public static string Of(Session session)
    {
        var name = session.Client.Trim();
        return ShownText.ProblemOf(name) is null ? name : "";
    }
}
