using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OrderSample.OrderService.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class FindingOrders : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "SearchReason",
                table: "OrderStates",
                type: "character varying(100)",
                maxLength: 100,
                nullable: true,
                computedColumnSql: "left(lower(\"Reason\"), 100)",
                stored: true);

            migrationBuilder.AddColumn<string>(
                name: "SearchEmail",
                table: "Orders",
                type: "character varying(100)",
                maxLength: 100,
                nullable: true,
                computedColumnSql: "left(lower(\"Customer\" ->> 'email'), 100)",
                stored: true);

            migrationBuilder.AddColumn<string>(
                name: "SearchName",
                table: "Orders",
                type: "character varying(100)",
                maxLength: 100,
                nullable: true,
                computedColumnSql: "left(lower(\"Customer\" ->> 'name'), 100)",
                stored: true);

            migrationBuilder.CreateTable(
                name: "OrderedSkus",
                columns: table => new
                {
                    Sku = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    SubmittedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    OrderId = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_OrderedSkus", x => new { x.Sku, x.SubmittedAt, x.OrderId });
                });

            migrationBuilder.Sql("""
                INSERT INTO "OrderedSkus" ("Sku", "SubmittedAt", "OrderId")
                SELECT DISTINCT lower(line ->> 'sku'), "SubmittedAt", "OrderId" FROM "Orders", jsonb_array_elements("Lines") AS line
                """);

            migrationBuilder.CreateIndex(
                name: "IX_OrderStates_SearchReason",
                table: "OrderStates",
                column: "SearchReason",
                filter: "\"SearchReason\" IS NOT NULL")
                .Annotation("Npgsql:IndexOperators", new[] { "text_pattern_ops" });

            migrationBuilder.CreateIndex(
                name: "IX_Orders_SearchEmail",
                table: "Orders",
                column: "SearchEmail")
                .Annotation("Npgsql:IndexOperators", new[] { "text_pattern_ops" });

            migrationBuilder.CreateIndex(
                name: "IX_Orders_SearchName",
                table: "Orders",
                column: "SearchName")
                .Annotation("Npgsql:IndexOperators", new[] { "text_pattern_ops" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "OrderedSkus");

            migrationBuilder.DropIndex(
                name: "IX_OrderStates_SearchReason",
                table: "OrderStates");

            migrationBuilder.DropIndex(
                name: "IX_Orders_SearchEmail",
                table: "Orders");

            migrationBuilder.DropIndex(
                name: "IX_Orders_SearchName",
                table: "Orders");

            migrationBuilder.DropColumn(
                name: "SearchReason",
                table: "OrderStates");

            migrationBuilder.DropColumn(
                name: "SearchEmail",
                table: "Orders");

            migrationBuilder.DropColumn(
                name: "SearchName",
                table: "Orders");
        }
    }
}
