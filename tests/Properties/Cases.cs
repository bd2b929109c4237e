using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;

namespace OrderSample.Tests.Properties;

/// <summary>How many cases a property is tried with, and which.</summary>
/// <remarks>
/// A failure names the smallest case found and its seed; with the environment variable <c>FSCHECK_REPLAY=123,456,7</c>
/// that one is run again. Compiled into each assembly that tests properties.
/// </remarks>
internal static class Cases
{
    public static Config Of(int count)
    {
        var config = Config.QuickThrowOnFailure.WithMaxTest(count);
        if (Environment.GetEnvironmentVariable("FSCHECK_REPLAY") is not { Length: > 0 } replay)
            return config;
        var seed = replay.Split(',').Select(part => ulong.Parse(part, CultureInfo.InvariantCulture)).ToArray();
        return config.WithReplay(new Replay(new Rnd(seed[0], seed[1]), seed.Length > 2 ? FSharpOption<int>.Some((int)seed[2]) : null));
    }
}
