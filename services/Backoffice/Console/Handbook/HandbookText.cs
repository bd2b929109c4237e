using System.Security.Cryptography;
using System.Text;
using Markdig;
using Markdig.Extensions.AutoIdentifiers;
using Markdig.Extensions.Tables;
using Markdig.Renderers;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace OrderSample.Backoffice.Console.Handbook;

/// <summary>A page of the handbook, ready to be shown.</summary>
/// <param name="Title">Its first heading.</param>
/// <param name="Parts">What follows it.</param>
internal sealed record HandbookText(string Title, IReadOnlyList<HandbookPart> Parts)
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UsePipeTables().UseAutoIdentifiers(AutoIdentifierOptions.GitHub).Build();

    /// <summary>Reads a page.</summary>
    /// <param name="name">The page's name.</param>
    /// <param name="markdown">The page as it is written.</param>
    /// <param name="files">The other pages, for links.</param>
    public static HandbookText Read(string name, string markdown, HandbookFiles files)
    {
        var document = Markdown.Parse(markdown, Pipeline);
        foreach (var link in document.Descendants<LinkInline>().ToList())
            Lead(link, name, files);
        var title = document.OfType<HeadingBlock>().FirstOrDefault(heading => heading.Level == 1);
        var parts = new List<HandbookPart>();
        foreach (var block in document.Where(block => block != title))
        {
            var part = PartOf(block);
            // Text that follows text is one part.
            if (part is HandbookPart.Prose next && parts is [.., HandbookPart.Prose last])
                parts[^1] = new HandbookPart.Prose(last.Html + next.Html);
            else
                parts.Add(part);
        }

        return new HandbookText(title is null ? name : Words(title), parts);
    }

    /// <summary>The title of a page as it is written, without reading the rest.</summary>
    public static string TitleOf(string name, string markdown) =>
        markdown.Split('\n').FirstOrDefault(line => line.StartsWith("# ", StringComparison.Ordinal)) is { } heading ? heading[2..].Replace("`", "", StringComparison.Ordinal).Trim() : name;

    private static HandbookPart PartOf(Block block) => block switch
    {
        FencedCodeBlock { Info: "mermaid" } diagram => new HandbookPart.Diagram(SourceOf(diagram), PictureOf(SourceOf(diagram))),
        FencedCodeBlock code => new HandbookPart.Code(SourceOf(code)),
        Table table => new HandbookPart.Grid(Html(table)),
        _ => new HandbookPart.Prose(Html(block)),
    };

    private static string SourceOf(FencedCodeBlock code) => code.Lines.ToString();

    /// <summary>The picture that eng/diagrams.sh has made of a diagram: an image on a page may not run or load anything.</summary>
    private static string? PictureOf(string source)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{source}\n")))[..12];
        var file = Path.Combine(HandbookFiles.Folder, "pictures", "diagrams", $"{digest}.svg");
        return File.Exists(file) ? $"data:image/svg+xml;base64,{Convert.ToBase64String(File.ReadAllBytes(file))}" : null;
    }

    private static string Html(Block block)
    {
        using var writer = new StringWriter();
        var renderer = new HtmlRenderer(writer);
        Pipeline.Setup(renderer);
        renderer.Render(block);
        return writer.ToString();
    }

    private static string Words(LeafBlock block) => string.Concat(block.Inline!.Descendants().Select(inline => inline switch
    {
        LiteralInline literal => literal.Content.ToString(),
        CodeInline code => code.Content,
        _ => "",
    }));

    /// <summary>Has a link lead to where the console shows the page; what it does not show is named.</summary>
    private static void Lead(LinkInline link, string name, HandbookFiles files)
    {
        if (link.Url is not { } url || url.Contains("://", StringComparison.Ordinal))
            return;
        var (path, anchor) = url.Split('#', 2) is [var before, var after] ? (before, $"#{after}") : (url, "");
        var target = path.Length == 0 ? HandbookFiles.PathOf(name) : Resolve(Path.GetDirectoryName(HandbookFiles.PathOf(name))!, path);
        if (files.NameOf(target) is { } page)
        {
            link.Url = HandbookFiles.AddressOf(page) + anchor;
            return;
        }

        var named = new ContainerInline();
        named.AppendChild(new HtmlInline($"<span class=\"file\" title=\"{target}\">"));
        foreach (var child in link.ToList())
        {
            child.Remove();
            named.AppendChild(child);
        }

        named.AppendChild(new HtmlInline("</span>"));
        link.ReplaceBy(named, copyChildren: false);
    }

    private static string Resolve(string folder, string path) => new Uri(new Uri($"file:///{folder.Replace('\\', '/')}/"), path).AbsolutePath[1..];
}
