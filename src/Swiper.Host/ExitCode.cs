namespace Swiper.Host;

/// <summary>The exit codes of the process, from sysexits.h where applicable.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>The server could not start; one line on standard error says why.</summary>
    public const int CannotStart = 1;

    /// <summary>The command line can't be read, as with every other tool here; standard error lists what is wrong with it.</summary>
    public const int WrongUsage = 2;

    /// <summary>A running host refused the operation; one line on standard error says why.</summary>
    public const int Refused = 1;

    /// <summary>A running host answers that it is not well.</summary>
    public const int Unwell = 1;

    /// <summary>The index differs from the truth, files are damaged, or a check has found a problem.</summary>
    public const int Differs = 3;

    /// <summary>EX_UNAVAILABLE: no host answers on the operations socket, or to `health`.</summary>
    public const int NoHost = 69;

    /// <summary>EX_OSERR: the system grants less than a host needs (`ulimit`); one line on standard error says what.</summary>
    public const int TooLittle = 71;

    /// <summary>EX_CONFIG: options, wherever they were set, are wrong; standard error lists all of them.</summary>
    public const int WrongOptions = 78;
}
