using System.Globalization;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Tests.Sharding;

/// <summary>A store in memory that does as it is told, failures included.</summary>
internal sealed class Log : ILaneWriter, ICompletionScope
{
    private readonly List<int> _pending = [];
    private bool _open;

    public List<int> Stored { get; } = [];

    public List<int> Told { get; } = [];

    public List<string> Transactions { get; } = [];

    public List<string> Events { get; } = [];

    public List<Exception> Exceptions { get; } = [];

    public List<Exception> Faults { get; } = [];

    public bool CommitThrows { get; set; }

    public bool RollbackThrows { get; set; }

    public bool PublishingThrows { get; set; }

    /// <summary>How often an attempt that the store refused is run again.</summary>
    public int Retries { get; set; }

    void ILaneWriter.Run(Action attempt)
    {
        while (true)
        {
            try
            {
                attempt();
                return;
            }
            catch (IOException) when (Retries-- > 0)
            {
            }
        }
    }

    void ILaneWriter.Begin()
    {
        _pending.Clear();
        _open = true;
        CommitThrows = false;
    }

    public void Add(int id)
    {
        Assert.True(_open);
        _pending.Add(id);
    }

    void ILaneWriter.Commit()
    {
        if (CommitThrows)
            throw new InvalidOperationException("a rule checked at the end");
        Transactions.Add(string.Create(CultureInfo.InvariantCulture, $"+{_pending.Count}"));
        Stored.AddRange(_pending);
        _open = false;
    }

    void ILaneWriter.Rollback()
    {
        _open = false;
        Transactions.Add(string.Create(CultureInfo.InvariantCulture, $"-{_pending.Count}"));
        if (!RollbackThrows)
            return;
        RollbackThrows = false;
        throw new IOException();
    }

    bool ILaneWriter.IsStorageFailure(Exception exception) => exception is IOException;

    void ICompletionScope.Begin() => Events.Add("begin");

    void ICompletionScope.End() => Events.Add("end");
}
