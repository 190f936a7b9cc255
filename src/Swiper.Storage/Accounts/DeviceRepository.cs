using Dapper;
using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Storage.Records;

namespace Swiper.Storage.Accounts;

/// <summary>
/// Devices: a row for each token in the shard of its user, which goes when the token ends; until it would have expired by itself, a token
/// that was ended is a row of `revoked`. A transaction that changes a user's devices locks the user's row first, so that no two hosts
/// decide at the same time which of them are too many, or whether a token is good.
/// </summary>
internal sealed class DeviceRepository : IDeviceRepository
{
    // In a transaction, after the lock. A token without a device is of an older version or a tool; those who have signed out all other
    // devices have ended even those that were never seen here. Of a user whom a restored backup does not know, no token is good.
    private const string IsRevoked =
        """
        SELECT EXISTS (SELECT 1 FROM revoked WHERE token = @TokenId)
            OR (EXISTS (SELECT 1 FROM listed_only WHERE uid = @Uid)
                AND NOT EXISTS (SELECT 1 FROM devices WHERE uid = @Uid AND id = @TokenId))
            OR NOT EXISTS (SELECT 1 FROM users WHERE uid = @Uid)
        """;

    private readonly IRecords _records;
    private readonly SessionRegistry _sessions;
    private readonly string _lockOthers;
    private readonly string _insertDevice;
    private readonly string _insertRevoked;
    private readonly string _insertListedOnly;

    public DeviceRepository(IRecords records, SessionRegistry sessions)
    {
        (_records, _sessions) = (records, sessions);
        _lockOthers =
            $"""
            SELECT devices.id, devices.expires
            FROM users LEFT JOIN devices ON devices.uid = users.uid AND devices.id <> @TokenId
            WHERE users.uid = @Uid
            ORDER BY devices.last_seen DESC, devices.created DESC, devices.id DESC{records.Sql.ForUpdate}
            """;
        _insertDevice = records.Sql.InsertIfAbsent("devices", "id", "uid", "client", "created", "last_seen", "expires");
        _insertRevoked = records.Sql.InsertIfAbsent("revoked", "token", "uid", "expires");
        _insertListedOnly = records.Sql.InsertIfAbsent("listed_only", "uid");
        foreach (var (kind, reason) in Reasons)
            records.Hear(kind, happened => sessions.SignOut(happened.Uid, happened.Subject, reason));
    }

    private static Dictionary<HostEventKind, string> Reasons { get; } = new()
    {
        [HostEventKind.Revoked] = SignedOutPush.Logout,
        [HostEventKind.DeviceSignedOut] = SignedOutPush.SignedOut,
        [HostEventKind.DeviceReplaced] = SignedOutPush.Replaced,
    };

    public ValueTask<IReadOnlyList<SignedInDevice>> ReadAsync(long uid, long current, long now) =>
        _records.ReadAsync<IReadOnlyList<SignedInDevice>>(uid, async connection =>
        {
            var devices = await connection.QueryAsync<(long Id, string Client, long Created, long LastSeen)>(
                """
                SELECT id, client, created, last_seen FROM devices WHERE uid = @uid AND expires > @now
                ORDER BY last_seen DESC, created DESC, id DESC
                """,
                new { uid, now }).ConfigureAwait(false);
            return
            [
                .. devices.Select(device =>
                    new SignedInDevice(device.Id, device.Client, device.Created, device.LastSeen, Current: device.Id == current)),
            ];
        });

    public ValueTask<bool> IsRevokedAsync(long uid, long tokenId) => _records.ReadAsync(uid, connection =>
        connection.ExecuteScalarAsync<bool>(IsRevoked, new { Uid = uid, TokenId = tokenId }));

    public async ValueTask<bool> SeeAsync(Identity identity, string client, long now)
    {
        var known = await _records.ReadAsync(identity.Uid, connection => connection.QueryFirstOrDefaultAsync<(string Client, long At)?>(
            "SELECT client, last_seen FROM devices WHERE uid = @Uid AND id = @TokenId", identity)).ConfigureAwait(false);
        // Nothing to write in most cases: an app that comes back to its connection does so within the hour.
        var within = (long)IDeviceRepository.SeenWithin.TotalMilliseconds;
        if (known is { } device && Math.Abs(now - device.At) < within && (client.Length == 0 || client == device.Client))
            return true;
        try
        {
            return await _records.RunAsync(identity.Uid, async session =>
            {
                await LockAsync(session, identity.Uid).ConfigureAwait(false);
                if (await session.FindAsync<bool>(IsRevoked, identity).ConfigureAwait(false))
                    return false;
                if (!await TryAddAsync(session, identity, client, now).ConfigureAwait(false))
                {
                    await session.ExecuteAsync(
                        """
                        UPDATE devices SET last_seen = @now, client = CASE WHEN @client = '' THEN client ELSE @client END
                        WHERE uid = @Uid AND id = @TokenId
                        """,
                        new { identity.Uid, identity.TokenId, client, now }).ConfigureAwait(false);
                }

                return true;
            }).ConfigureAwait(false);
        }
        catch (StoreUnavailableException) when (known is not null)
        {
            // The token is good. It is no reason to refuse it that the list says something older of the device.
            return true;
        }
    }

    /// <summary>
    /// Adds the device of a login within a transaction on the shard of its user; signs out the longest unseen if they are too many.
    /// </summary>
    /// <param name="session">The transaction.</param>
    /// <param name="identity">The user and the token.</param>
    /// <param name="client">What the app says of itself.</param>
    /// <param name="now">The time.</param>
    /// <param name="isNewUser">Whether the transaction has inserted the user's row, and so locked it.</param>
    public async Task AddAsync(RecordSession session, Identity identity, string client, long now, bool isNewUser)
    {
        if (!isNewUser)
            await MakeRoomAsync(session, identity, now).ConfigureAwait(false);
        await session.ExecuteAsync(_insertDevice, DeviceRow(identity, client, now)).ConfigureAwait(false);
    }

    public ValueTask LogOutAsync(Identity identity) => _records.RunAsync(identity.Uid, async session =>
    {
        await LockAsync(session, identity.Uid).ConfigureAwait(false);
        await EndAsync(session, identity, HostEventKind.Revoked).ConfigureAwait(false);
    });

    public ValueTask<bool> SignOutAsync(long uid, long asker, long? deviceId) => _records.RunAsync(uid, async session =>
    {
        await LockAsync(session, uid).ConfigureAwait(false);
        var devices = await session.ReadAsync<(long Id, long Expires)>("SELECT id, expires FROM devices WHERE uid = @uid", new { uid })
            .ConfigureAwait(false);
        // Of two devices that sign each other out at the same time the first one stays.
        if (!devices.Any(device => device.Id == asker))
            return false;
        foreach (var (id, expires) in devices)
        {
            if (deviceId is { } one ? id == one : id != asker)
                await SignOutAsync(session, new Identity(uid, id, expires), HostEventKind.DeviceSignedOut).ConfigureAwait(false);
        }

        if (deviceId is null)
            await session.ExecuteAsync(_insertListedOnly, new { Uid = uid }).ConfigureAwait(false);
        return true;
    });

    /// <summary>Adds a device unless it is there.</summary>
    private async Task<bool> TryAddAsync(RecordSession session, Identity identity, string client, long now)
    {
        if (await session.ExecuteAsync(_insertDevice, DeviceRow(identity, client, now)).ConfigureAwait(false) == 0)
            return false;
        await MakeRoomAsync(session, identity, now).ConfigureAwait(false);
        return true;
    }

    /// <summary>
    /// Locks the user's row, deletes devices that have expired, which are no devices any more, and signs out others that are too many
    /// beside this one.
    /// </summary>
    private async Task MakeRoomAsync(RecordSession session, Identity identity, long now)
    {
        // A row without a device where there is none.
        var others = await session.ReadAsync<(long? Id, long? Expires)>(_lockOthers, identity).ConfigureAwait(false);
        if (others.Any(device => device.Expires <= now))
        {
            await session.ExecuteAsync(
                "DELETE FROM devices WHERE uid = @Uid AND expires <= @now", new { identity.Uid, now }).ConfigureAwait(false);
        }

        foreach (var (id, expires) in others.Where(device => device.Expires > now).Skip(IDeviceRepository.Most - 1))
        {
            var replaced = new Identity(identity.Uid, id!.Value, expires!.Value);
            await SignOutAsync(session, replaced, HostEventKind.DeviceReplaced).ConfigureAwait(false);
        }
    }

    private async Task SignOutAsync(RecordSession session, Identity device, HostEventKind how)
    {
        await EndAsync(session, device, how).ConfigureAwait(false);
        session.OnCommitted(() => _sessions.SignOut(device.Uid, device.TokenId, Reasons[how]));
    }

    private async Task EndAsync(RecordSession session, Identity device, HostEventKind how)
    {
        await session.ExecuteAsync("DELETE FROM devices WHERE uid = @Uid AND id = @TokenId", device).ConfigureAwait(false);
        await session.ExecuteAsync(_insertRevoked, new { Token = device.TokenId, device.Uid, device.Expires }).ConfigureAwait(false);
        session.Tell(how, device.Uid, device.TokenId);
    }

    private static object DeviceRow(Identity identity, string client, long now) =>
        new { identity.Uid, Id = identity.TokenId, Client = client, Created = now, LastSeen = now, identity.Expires };

    private Task<long?> LockAsync(RecordSession session, long uid) =>
        session.FindAsync<long?>("SELECT uid FROM users WHERE uid = @uid" + _records.Sql.ForUpdate, new { uid });
}
