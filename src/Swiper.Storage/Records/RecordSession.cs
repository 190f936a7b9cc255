using System.Data.Common;
using System.Diagnostics;
using Dapper;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;

namespace Swiper.Storage.Records;

/// <summary>
/// A transaction on one user's shard, as a repository's code sees it: SQL by Dapper, and what is to happen once it is committed.
/// Parameters are the properties of an object, as in <c>new { uid }</c> for <c>@uid</c>.
/// </summary>
/// <param name="connection">The connection of the transaction.</param>
/// <param name="sql">Its dialect.</param>
/// <param name="shardKey">A key of the shard.</param>
/// <param name="clock">The clock.</param>
/// <param name="span">What it is part of, where that is sampled.</param>
/// <param name="begin">Opens the transaction, together with the first statement; empty if it is open.</param>
/// <param name="blocks">
/// Whether statements block the thread, as they may in a lane, and have their answer when the method returns: cheaper than to await it.
/// </param>
internal sealed class RecordSession(
    DbConnection connection, SqlDialect sql, long shardKey, TimeProvider clock, Activity? span, string begin = "", bool blocks = false)
{
    private readonly List<Action> _committed = [];
    private readonly List<HostEvent> _events = [];
    private readonly List<(long Uid, StoredPush Push)> _pushes = [];
    private readonly List<FollowUp> _followUps = [];
    private string _begin = begin;

    /// <summary>Whether the transaction is open: nothing was asked of the connection before.</summary>
    public bool HasBegun => _begin.Length == 0;

    /// <summary>What the other hosts are to learn.</summary>
    public IReadOnlyList<HostEvent> Events => _events;

    /// <summary>The pushes that are to be sent to users who are connected.</summary>
    public IReadOnlyList<(long Uid, StoredPush Push)> Pushes => _pushes;

    /// <summary>What is to be done right after the commit. What is older and not done yet comes first, and is found in its turn.</summary>
    public IReadOnlyList<FollowUp> FollowUps => _followUps;

    /// <summary>Runs a statement; returns the number of rows that it changed.</summary>
    public Task<int> ExecuteAsync(string sql, object? parameters = null) => ExecuteAsync(new CommandDefinition(Opening(sql), parameters));

    /// <summary>Runs a statement whose text holds values, so that no later one has the same: nothing keeps it.</summary>
    public Task<int> ExecuteOnceAsync(string sql) => ExecuteAsync(new CommandDefinition(Opening(sql), flags: CommandFlags.NoCache));

    /// <summary>The first row, or the default of the type if there is none.</summary>
    public Task<T?> FindAsync<T>(string sql, object? parameters = null) => blocks
        ? Task.FromResult(connection.QueryFirstOrDefault<T>(Opening(sql), parameters))
        : connection.QueryFirstOrDefaultAsync<T>(Opening(sql), parameters);

    /// <summary>All rows.</summary>
    public async Task<IReadOnlyList<T>> ReadAsync<T>(string sql, object? parameters = null) => blocks
        ? connection.Query<T>(Opening(sql), parameters).AsList()
        : (await connection.QueryAsync<T>(Opening(sql), parameters).ConfigureAwait(false)).AsList();

    /// <summary>
    /// Keeps a push for a user of this shard, and sends it to the user's connections once the transaction is committed. A push that was
    /// written before, by an earlier try for example, is not written again.
    /// </summary>
    /// <param name="uid">The user.</param>
    /// <param name="opcode">The push.</param>
    /// <param name="subject">Whom or what it is about.</param>
    /// <param name="at">When that happened.</param>
    /// <param name="data">The encoded payload; null for a <see cref="PersonPush"/>.</param>
    public async Task PushAsync(long uid, Opcode opcode, long subject, long at, byte[]? data = null)
    {
        // Locks the user's numbers, so that two tries at the same time don't both miss what the other writes.
        await ExecuteAsync(sql.InsertIfAbsent("push_seqs", "uid", "seq"), new { Uid = uid, Seq = 0 }).ConfigureAwait(false);
        var push = new { uid, op = (int)opcode, subject, at, data };
        var seq = await FindAsync<long?>(
            "SELECT seq FROM pushes WHERE uid = @uid AND op = @op AND subject = @subject AND at = @at", push).ConfigureAwait(false);
        if (seq is null)
        {
            seq = await FindAsync<long>(
                """
                UPDATE push_seqs SET seq = seq + 1 WHERE uid = @uid;
                INSERT INTO pushes (uid, seq, op, subject, at, data)
                    SELECT uid, seq, @op, @subject, @at, @data FROM push_seqs WHERE uid = @uid;
                SELECT seq FROM push_seqs WHERE uid = @uid
                """,
                push).ConfigureAwait(false);
        }

        _pushes.Add((uid, new StoredPush(seq.Value, opcode, subject, at, data)));
    }

    /// <summary>
    /// Has something done elsewhere once the transaction is committed: at once, and if that fails, or a host is killed, some time later.
    /// </summary>
    /// <param name="kind">Who does it: see <see cref="Records.FollowUps.Handle"/>.</param>
    /// <param name="uid">The user whom it concerns.</param>
    /// <param name="payload">What the handler needs to know.</param>
    public async Task<FollowUp> FollowUpAsync(FollowUpKind kind, long uid, byte[] payload)
    {
        var now = clock.NowMs();
        payload = FollowUpCause.Append(payload, span);
        var followUp = new FollowUp
        {
            Kind = kind,
            Uid = uid,
            Payload = payload,
            Due = now + (long)Records.FollowUps.Patience.TotalMilliseconds,
            ShardKey = shardKey,
        };
        var (id, found) = await FindAsync<(long, long)>(
            $"""
            INSERT INTO follow_ups (kind, uid, payload, due, attempts)
                SELECT @kind, @uid, @payload,
                       CASE WHEN EXISTS (SELECT 1 FROM follow_ups WHERE kind = @kind AND uid = @uid) THEN @now ELSE @due END, 0;
            SELECT id, due FROM follow_ups WHERE id = {sql.LastInsertedId}
            """,
            new { kind = (int)kind, uid, payload, now, due = followUp.Due }).ConfigureAwait(false);
        followUp = followUp with { Id = id };
        if (found == followUp.Due)
            _followUps.Add(followUp);
        return followUp;
    }

    /// <summary>Has something of a scheduled kind done when it is due, or soon after.</summary>
    /// <param name="kind">Who does it: see <see cref="Records.FollowUps.Handle"/>.</param>
    /// <param name="uid">The user whom it concerns.</param>
    /// <param name="payload">What the handler needs to know.</param>
    /// <param name="due">Not before this time.</param>
    public Task ScheduleAsync(FollowUpKind kind, long uid, byte[] payload, long due) => ExecuteAsync(
        "INSERT INTO follow_ups (kind, uid, payload, due, attempts) VALUES (@kind, @uid, @payload, @due, 0)",
        new { kind = (int)kind, uid, payload, due });

    /// <summary>Tells the other hosts, reliably, once the transaction is committed.</summary>
    public void Tell(HostEventKind kind, long uid, long subject = 0) => _events.Add(new HostEvent(kind, uid, subject));

    /// <summary>For an engine of several hosts, before the commit: the others are to learn of the pushes.</summary>
    public void TellOfPushes()
    {
        foreach (var (uid, push) in _pushes)
            Tell(HostEventKind.Pushed, uid, push.Seq);
    }

    /// <summary>
    /// Called once the transaction is committed and before its result is returned, in the order of the commits of one key. It must not
    /// wait.
    /// </summary>
    public void OnCommitted(Action publish) => _committed.Add(publish);

    /// <summary>For the engine: the transaction is committed.</summary>
    public void Committed()
    {
        foreach (var publish in _committed)
            publish();
    }

    private Task<int> ExecuteAsync(CommandDefinition command) =>
        blocks ? Task.FromResult(connection.Execute(command)) : connection.ExecuteAsync(command);

    private string Opening(string statement)
    {
        var opening = _begin + statement;
        _begin = "";
        return opening;
    }
}
