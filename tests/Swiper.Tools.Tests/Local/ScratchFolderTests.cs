using System.Diagnostics;
using Swiper.Local;
using Swiper.Local.Processes;
using Swiper.Local.Robots;

namespace Swiper.Tools.Tests.Local;

/// <summary>
/// What is left of a folder when a process ends. The explicit tests are that process: they run alone in another instance of this
/// program.
/// </summary>
public sealed class ScratchFolderTests
{
    private const string ParentVariable = "SWIPER_TESTS_PARENT";
    private const int EndedInTheMiddle = 42;

    private static string Parent =>
        Environment.GetEnvironmentVariable(ParentVariable) ?? throw new InvalidOperationException("only another test can start this one");

    [Theory]
    [InlineData(nameof(End_while_a_folder_is_disposed_of))]
    [InlineData(nameof(End_while_a_folder_is_written_to))]
    [InlineData(nameof(End_while_a_folder_is_opened))]
    [InlineData(nameof(End_before_a_folder_is_opened))]
    [InlineData(nameof(End_while_robots_are_made_in_a_folder))]
    [InlineData(nameof(End_before_robots_are_made_in_a_folder))]
    public async Task A_process_that_ends_leaves_no_folder_behind(string end)
    {
        using var parent = new TemporaryFolder();

        var run = await RunAsync(end, parent);

        Assert.True(run.ExitCode == EndedInTheMiddle, run.All);
        Assert.Empty(Directory.GetDirectories(parent));
    }

    [Fact(Explicit = true)]
    public void End_while_a_folder_is_disposed_of()
    {
        var folder = new ScratchFolder("disposed", Parent);
        Fill(folder, 20_000);
        InBackground(folder.Dispose);
        SpinWait.SpinUntil(() => !File.Exists(folder.File("0")) || !File.Exists(folder.File("19999")));
        Environment.Exit(EndedInTheMiddle);
    }

    [Fact(Explicit = true)]
    public void End_while_a_folder_is_written_to()
    {
        var folder = new ScratchFolder("written", Parent);
        InBackground(() => Fill(folder, 5_000));
        SpinWait.SpinUntil(() => File.Exists(folder.File("100")));
        Environment.Exit(EndedInTheMiddle);
    }

    [Fact(Explicit = true)]
    public void End_while_a_folder_is_opened()
    {
        using var opening = new ManualResetEventSlim();
        using var ending = new ManualResetEventSlim();
        var folder = new ScratchFolder("opened", Parent);
        using var beforeItsEnd = ExitHooks.Register(ending.Set);
        InBackground(() => folder.Open(path =>
        {
            opening.Set();
            ending.Wait(TestContext.Current.CancellationToken);
            return Directory.CreateDirectory(path);
        }));
        opening.Wait(TestContext.Current.CancellationToken);
        Environment.Exit(EndedInTheMiddle);
    }

    [Fact(Explicit = true)]
    public void End_before_a_folder_is_opened()
    {
        ScratchFolder? folder = null;
        using var afterItsEnd =
            ExitHooks.Register(() => Assert.Throws<OperationCanceledException>(() => folder!.Open(Directory.CreateDirectory)));
        folder = new ScratchFolder("opened", Parent);
        Environment.Exit(EndedInTheMiddle);
    }

    [Fact(Explicit = true)]
    public void End_while_robots_are_made_in_a_folder()
    {
        Task? making = null;
        using var afterItsEnd = ExitHooks.Register(() => Record.Exception(making!.Wait));
        var folder = new ScratchFolder("robots", Parent);
        making = RobotFactory.FillAsync(folder, cluster: null, 5_000, TestContext.Current.CancellationToken);
        Environment.Exit(EndedInTheMiddle);
    }

    [Fact(Explicit = true)]
    public void End_before_robots_are_made_in_a_folder()
    {
        ScratchFolder? folder = null;
        using var afterItsEnd = ExitHooks.Register(() =>
            Record.Exception(RobotFactory.FillAsync(folder!, cluster: null, 1, TestContext.Current.CancellationToken).Wait));
        folder = new ScratchFolder("robots", Parent);
        Environment.Exit(EndedInTheMiddle);
    }

    private static void Fill(ScratchFolder folder, int files)
    {
        try
        {
            for (var file = 0; file < files; file++)
                File.WriteAllText(folder.File($"{file}"), "");
        }
        catch (DirectoryNotFoundException)
        {
            // It has been deleted in the meantime, as expected.
        }
    }

    private static void InBackground(Action action) => new Thread(() => action()) { IsBackground = true }.Start();

    private static Task<ProgramRun> RunAsync(string test, string parent)
    {
        var name = $"{typeof(ScratchFolderTests).FullName}.{test}";
        var start = new ProcessStartInfo("dotnet",
            [typeof(ScratchFolderTests).Assembly.Location, "-noColor", "-explicit", "only", "-method", name]);
        start.Environment[ParentVariable] = parent;
        return ProgramRun.OfAsync(start);
    }
}
