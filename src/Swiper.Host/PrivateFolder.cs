namespace Swiper.Host;

/// <summary>Folders for the eyes of the server's own account: what is in them are keys, phone numbers and codes.</summary>
internal static class PrivateFolder
{
    /// <summary>Makes the folder, and the one it is in; answers its full path.</summary>
    public static string Create(string parent, string name)
    {
        Create(parent);
        return Create(Path.Combine(parent, name));
    }

    /// <summary>Makes the folder if it is not there; answers its full path.</summary>
    public static string Create(string folder) => OperatingSystem.IsWindows()
        ? Directory.CreateDirectory(folder).FullName
        : Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
}
