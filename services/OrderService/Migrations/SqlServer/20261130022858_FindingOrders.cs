using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OrderSample.OrderService.Migrations.SqlServer
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
                type: "nvarchar(100)",
                maxLength: 100,
                nullable: true,
                computedColumnSql: "CAST(LOWER([Reason]) AS nvarchar(100)) COLLATE Latin1_General_100_BIN2",
                stored: true,
                collation: "Latin1_General_100_BIN2");

            migrationBuilder.AddColumn<string>(
                name: "SearchEmail",
                table: "Orders",
                type: "nvarchar(100)",
                maxLength: 100,
                nullable: true,
                computedColumnSql: "CAST(LOWER(JSON_VALUE([Customer], '$.email')) AS nvarchar(100)) COLLATE Latin1_General_100_BIN2",
                stored: true,
                collation: "Latin1_General_100_BIN2");

            migrationBuilder.AddColumn<string>(
                name: "SearchId",
                table: "Orders",
                type: "nvarchar(100)",
                maxLength: 100,
                nullable: true,
                computedColumnSql: "CAST(LOWER(CONVERT(nvarchar(36), [OrderId])) AS nvarchar(100)) COLLATE Latin1_General_100_BIN2",
                stored: true,
                collation: "Latin1_General_100_BIN2");

            migrationBuilder.AddColumn<string>(
                name: "SearchName",
                table: "Orders",
                type: "nvarchar(100)",
                maxLength: 100,
                nullable: true,
                computedColumnSql: "CAST(LOWER(JSON_VALUE([Customer], '$.name')) AS nvarchar(100)) COLLATE Latin1_General_100_BIN2",
                stored: true,
                collation: "Latin1_General_100_BIN2");

            // Migrations for SQL Server move no data: orders that are there already are found by all but their products.
            migrationBuilder.CreateTable(
                name: "OrderedSkus",
                columns: table => new
                {
                    Sku = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    SubmittedAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false),
                    OrderId = table.Column<Guid>(type: "uniqueidentifier", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_OrderedSkus", x => new { x.Sku, x.SubmittedAt, x.OrderId });
                });

            migrationBuilder.CreateIndex(
                name: "IX_OrderStates_SearchReason",
                table: "OrderStates",
                column: "SearchReason");

            migrationBuilder.CreateIndex(
                name: "IX_Orders_SearchEmail",
                table: "Orders",
                column: "SearchEmail");

            migrationBuilder.CreateIndex(
                name: "IX_Orders_SearchId",
                table: "Orders",
                column: "SearchId");

            migrationBuilder.CreateIndex(
                name: "IX_Orders_SearchName",
                table: "Orders",
                column: "SearchName");
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
                name: "IX_Orders_SearchId",
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
                name: "SearchId",
                table: "Orders");

            migrationBuilder.DropColumn(
                name: "SearchName",
                table: "Orders");
        }
    }
}
