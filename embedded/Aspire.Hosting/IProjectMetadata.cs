using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Says where a project of the solution is; the build writes one class per project that the app host references.</summary>
public interface IProjectMetadata : IResourceAnnotation
{
    /// <summary>Absolute path of the project file.</summary>
    string ProjectPath { get; }

    /// <summary>Whether the project has been built with the app host.</summary>
    bool SuppressBuild => false;

    /// <summary>Absolute path of the built assembly: it is started as it is, without a build at start.</summary>
    string TargetPath { get; }
}
