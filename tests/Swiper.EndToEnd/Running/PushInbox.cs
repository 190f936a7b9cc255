using Swiper.Client;

namespace Swiper.EndToEnd.Running;

/// <summary>Reads the pushes of a client one by one and waits for those that have to come.</summary>
internal sealed class PushInbox(SwiperClient client) : IAsyncDisposable
{
    private readonly IAsyncEnumerator<SwiperPush> _pushes = client.Pushes.GetAsyncEnumerator();

    public async Task<SwiperPush> NextAsync()
    {
        Assert.True(await _pushes.MoveNextAsync().AsTask().WaitAsync(Patience.Limit), "the pushes have ended");
        return _pushes.Current;
    }

    public async Task<TPush> NextAsync<TPush>()
        where TPush : SwiperPush =>
        Assert.IsType<TPush>(await NextAsync());

    /// <summary>Everything that has come and was not read.</summary>
    /// <remarks>Closes the client, because pushes end only then.</remarks>
    public async Task<List<SwiperPush>> RestAsync()
    {
        await client.DisposeAsync();
        var rest = new List<SwiperPush>();
        try
        {
            while (await _pushes.MoveNextAsync())
                rest.Add(_pushes.Current);
        }
        catch (SwiperConnectionException)
        {
            // The server was the first to close.
        }
        return rest;
    }

    public ValueTask DisposeAsync() => _pushes.DisposeAsync();
}
