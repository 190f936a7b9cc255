using System.Text;

namespace Swiper.Load.Tests.Live;

/// <summary>A terminal stopped by Ctrl+S: writes block.</summary>
internal sealed class StoppedWriter : TextWriter
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ManualResetEventSlim _written = new();
    private readonly ManualResetEventSlim _continued = new();

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => Write(value.ToString());

    public override void Write(string? value)
    {
        _written.Set();
        _continued.Wait();
    }

    public void WaitUntilSomebodyWrites() => Assert.True(_written.Wait(Patience), "nobody writes");

    public void Continue() => _continued.Set();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _written.Dispose();
            _continued.Dispose();
        }
        base.Dispose(disposing);
    }
}
