using Dapper;
using System.Runtime.CompilerServices;
using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;

namespace Swiper.Storage.Cluster.Accounts;

/// <summary>Users of the cluster.</summary>
internal sealed class ClusterAccountRepository : IAccountRepository
{
    private readonly ClusterEngine _engine;
    private readonly Func<long, Task<CachedProfile?>> _load;

    public ClusterAccountRepository(ClusterEngine engine)
    {
        _engine = engine;
        _load = LoadAsync;
    }

    public ValueTask<Failure> IssueCodeAsync(string phone, SentCode fresh)
    {
        var operation = IssueCodeOperation.Rent(_engine.Options.CodeRules, phone, fresh);
        var outcome = operation.AsValueTask();
        _engine.ShardOf(phone).Lane.Enqueue(operation);
        return outcome;
    }

    public async ValueTask WithdrawCodeAsync(string phone, SentCode unsent)
    {
        var operation = WithdrawCodeOperation.Rent(phone, unsent);
        _engine.ShardOf(phone).Lane.Enqueue(operation);
        await operation.AsValueTask();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Outcome<SignIn>> LogInAsync(string phone, string code, string? nonce, long now)
    {
        var useCode = UseCodeOperation.Rent(_engine.Node, phone, code, nonce, now);
        _engine.ShardOf(phone).Lane.Enqueue(useCode);
        var used = await useCode.AsValueTask();
        if (!used.IsOk)
            return used.Failure;

        // A crash between the two shards leaves a number without its user: create the user now.
        var uid = used.Value;
        if (_engine.People.Profiles.Find(uid) is not null)
            return new SignIn(uid, Created: false);
        return new SignIn(uid, await CreateAsync(Profile.New(uid, phone, now)));
    }

    /// <summary>Creates a user without a login; false if the number is taken or the user exists already.</summary>
    public async ValueTask<bool> AddAsync(Profile profile)
    {
        var claim = ClaimPhoneOperation.Rent(profile.Phone, profile.Uid);
        _engine.ShardOf(profile.Phone).Lane.Enqueue(claim);
        return await claim.AsValueTask() == profile.Uid && await CreateAsync(profile);
    }

    public ValueTask<CachedProfile?> FindAsync(long uid) => _engine.People.Profiles.FindOrLoadAsync(uid, _load);

    public ValueTask<Outcome<CachedProfile>> UpdateAsync(long uid, ProfileChange change, long now)
    {
        var operation = UpdateUserOperation.Rent(_engine, uid, change, WireTime.Day(now));
        var outcome = operation.AsValueTask();
        _engine.ShardOf(uid).Lane.Enqueue(operation);
        return outcome;
    }

    public async ValueTask RevokeAsync(long uid, long tokenId, long expires)
    {
        var operation = RevokeOperation.Rent(_engine, uid, tokenId, expires);
        _engine.ShardOf(uid).Lane.Enqueue(operation);
        await operation.AsValueTask();
    }

    public ValueTask<bool> IsRevokedAsync(long uid, long tokenId) => _engine.ShardOf(uid).ReadAsync(
        tokenId, static (connection, token) => connection.ExecuteScalarAsync<bool>(
            "SELECT EXISTS (SELECT 1 FROM revoked WHERE token = @token)", new { token }));

    /// <summary>Another host created or changed a user.</summary>
    public void HearOfChange(long uid) => _ = RefreshAsync(uid);

    private async Task RefreshAsync(long uid)
    {
        try
        {
            await _engine.People.RefreshAsync(uid, _load).ConfigureAwait(false);
        }
        catch (StoreUnavailableException)
        {
            // Loaded on the next request; until then decks show the old profile.
        }
    }

    private ValueTask<bool> CreateAsync(Profile profile)
    {
        var operation = CreateUserOperation.Rent(_engine, profile);
        var outcome = operation.AsValueTask();
        _engine.ShardOf(profile.Uid).Lane.Enqueue(operation);
        return outcome;
    }

    private async Task<CachedProfile?> LoadAsync(long uid)
    {
        var read = ProfileRead.Rent(uid);
        var outcome = read.AsValueTask();
        _engine.ShardOf(uid).Readers.Enqueue(read);
        return await outcome.ConfigureAwait(false) is { } profile ? new CachedProfile(profile) : null;
    }
}
