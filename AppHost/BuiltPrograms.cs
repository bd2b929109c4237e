using System.Reflection;

namespace OrderSample.AppHost;

/// <summary>Where the services' programs are, as the build of this host has noted it.</summary>
internal static class BuiltPrograms
{
    /// <summary>The path of a service's assembly.</summary>
    public static string Of<TProject>()
        where TProject : IProjectMetadata, new() =>
        typeof(BuiltPrograms).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().SingleOrDefault(x => string.Equals(x.Key, $"Program of {new TProject().ProjectPath}", StringComparison.OrdinalIgnoreCase))?.Value
            ?? throw new DistributedApplicationException($"The build did not note where {typeof(TProject).Name} is. Build the app host again.");
}
